// A service station: somebody stands before the desk, hears what was written, and takes a slip home.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits } from "../lib/look.js";
import { receipt, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const SEND = "main button.main:not([formaction]):not([data-print])";
const SPEAK = "[data-speak]";
const SPEAK_BACK = "[data-speak-of]";
const A6 = { width: 298, height: 420 };

/** The browser's voice, listened to. */
async function listen(page) {
  await page.addInitScript(() => {
    window.heard = [];
    speechSynthesis.speak = (speech) => window.heard.push([speech.lang, speech.text]);
  });
}

async function visit(page, hand, { lang, text, area }) {
  await listen(page);
  await signIn(page, hand, "operator1");
  await hand.press('a[href="/desk?channel=station"]');
  await page.waitForSelector("header.station");
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).fontSize), "20px", "large type");
  await clean(page, "station");
  await fits(page, "station");
  await hand.write("#text", text);
  await hand.write("#area", area);
  await hand.press(SPEAK_BACK);
  const [[spoken, words]] = await page.evaluate(() => window.heard);
  assert.deepEqual([spoken, words], [lang, `${text}\n${area}`], "what was written is read back");
  await hand.press(SEND);
  const { code, secret } = await receipt(page);
  await clean(page, "station, taken");
  await fits(page, "station, taken");
  await hand.press(SPEAK);
  const [[, told]] = await page.evaluate(() => window.heard);
  assert.ok(told.includes([...code.slice(0, 4)].join(" ")), `the code is spelled: ${told}`);
  return { code, secret };
}

test("a slip of one page is printed, with a square that leads to the case", async () => {
  const page = await person(browser, DESK);
  const text = `小区东门的垃圾桶满了三天没人收，味道很大。${unique()}`;
  const { code, secret } = await visit(page, pointer(page), { lang: "zh-CN", text, area: "柳港里社区" });
  assert.ok(!(await page.isVisible(".paper")), "on the screen there is the receipt");
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1, "one page");
  const [, width, height] = pdf.match(/\/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]/).map(Number);
  assert.deepEqual({ width: Math.round(width), height: Math.round(height) }, A6, "of A6");

  await page.emulateMedia({ media: "print" });
  const slip = await page.locator(".paper");
  assert.ok(await slip.isVisible(), "on paper there is the slip");
  assert.ok(!(await page.isVisible("form")) && !(await page.isVisible(".slip")), "and nothing else");
  const words = (await slip.innerText()).replace(/\s/g, "");
  for (const told of [code, secret, "12345", new URL(`/track/${code}`, page.url()).host]) assert.ok(words.includes(told), told);
  assert.ok(await slip.locator("svg path").isVisible(), "with its square");
});

test("a visit without a mouse, in English; without a voice nothing offers to speak", async () => {
  const page = await person(browser, { lang: "en", ...DESK });
  const text = `The bench at the east gate is broken. ${unique()}`;
  await visit(page, keyboard(page), { lang: "en", text, area: "柳港里社区" });

  const mute = await person(browser, DESK);
  await mute.addInitScript(() => Object.defineProperty(window, "speechSynthesis", { value: undefined }));
  await signIn(mute, pointer(mute), "operator1");
  await mute.goto("/desk?channel=station");
  assert.ok(await mute.isVisible(SEND));
  assert.ok(!(await mute.isVisible(SPEAK_BACK)), "no voice, no button");
});
