// A resident reports on a phone in three screens, and follows what becomes of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, NARROW, person, PHONE } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, elder, fits, wrong } from "../lib/look.js";
import { receipt, report, track, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const NEXT = "main form button.main";
const LAMP = {
  text: "小区东门口的路灯坏了三个晚上，老人看不清台阶，昨天有一位阿姨差点摔倒。\n希望尽快修好。",
  area: "900102001002000",
  place: "花园路 12 号门口",
};
const LIFT = {
  text: "The lift of building 3 has been out of order for five days, and neighbours over eighty cannot get down.",
  area: "900102001003000",
  place: "Building 3",
};
const BINS = { text: "楼下垃圾桶满了一周没有清运，苍蝇很多。", area: "900102002003000", place: "杏林苑 6 号楼" };

/** The whole way. Each mistake is seen at its field and costs nothing that was typed. */
async function walk(page, hand, story, look) {
  let screens = 0;
  page.on("request", (request) => {
    screens += request.isNavigationRequest() && request.method() === "POST" ? 1 : 0;
  });
  await page.goto("/");
  await look("first screen");
  await hand.write("#text", story.text);
  await hand.press(NEXT);
  await wrong(page, "area");
  await look("first screen, area missing");
  assert.equal(await page.inputValue("#text"), story.text, "the words are kept");
  await hand.press('.summary a[href="#area"]');
  assert.ok(await page.locator("#area").evaluate((field) => field === document.activeElement), "the summary leads to the field");
  await hand.choose("#area", story.area);
  await hand.write("#place", story.place);
  await hand.press(NEXT);

  await page.waitForSelector("#phone");
  await look("second screen");
  await hand.write("#name", "王秀兰");
  await hand.write("#phone", "12ab");
  await hand.press(NEXT);
  await wrong(page, "phone");
  await look("second screen, phone wrong");
  assert.equal(await page.inputValue("#name"), "王秀兰", "the name is kept");
  assert.equal(await page.inputValue("#phone"), "12ab", "what was wrong is kept to be mended");
  await hand.write("#phone", "13900001234");
  await hand.press(NEXT);

  await page.waitForSelector(".answer");
  await look("third screen");
  const read = await page.locator(".answer").allInnerTexts();
  for (const said of [story.text.split("\n")[0], story.place, "13900001234"]) {
    assert.ok(read.some((answer) => answer.includes(said)), `“${said}” is read back`);
  }
  screens = 0;
  await hand.press(NEXT);
  const slip = await receipt(page);
  assert.equal(screens, 1, "the third screen is the last");
  await look("receipt");

  await hand.press(`a[href="/track/${slip.code}"]`);
  await page.waitForSelector(".stages [aria-current=step], .tag.triage");
  await look("by the code alone");
  assert.ok(!(await page.innerText("main")).includes(story.place), "the code alone does not show the words");
  await hand.write("#secret", "WRONG000");
  await hand.press(NEXT);
  await wrong(page, "code");
  await look("secret wrong");
  assert.equal((await page.inputValue("#code")).replaceAll("-", ""), slip.code, "the code is kept");
  await hand.write("#secret", slip.secret.toLowerCase());
  await hand.press(NEXT);
  await page.waitForSelector(".timeline");
  await look("with the secret");
  assert.ok((await page.innerText("main")).includes(story.place), "the secret shows the words");
}

test("a resident reports and follows on a phone, in Chinese", async () => {
  const page = await person(browser, PHONE);
  await walk(page, pointer(page), LAMP, (where) => clean(page, where));
});

test("a resident reports and follows by keyboard only, in English", async () => {
  const page = await person(browser, { lang: "en", ...PHONE });
  await walk(page, keyboard(page), LIFT, (where) => clean(page, where));
});

test("a resident reports and follows without scripts", async () => {
  const page = await person(browser, { javaScriptEnabled: false, ...PHONE });
  await walk(page, pointer(page), BINS, () => {});
});

test("every page of a resident fits on 320 px, in both languages and the largest type on 390", async () => {
  for (const [options, size] of [[NARROW], [{ lang: "en", ...NARROW }], [PHONE, "30"], [{ lang: "en", ...PHONE }, "30"]]) {
    const page = await person(browser, options);
    const hand = pointer(page);
    await page.goto("/");
    if (size) await chooseSize(page, hand, size);
    await walk(page, hand, { ...BINS, text: `${BINS.text}${unique()}` }, (where) => fits(page, where));
    for (const path of ["/open", "/track", "/login", "/docs/errors", "/nowhere"]) {
      await page.goto(path);
      await fits(page, path);
    }
  }
});

async function chooseSize(page, hand, size) {
  if (await page.isVisible('.prefs button[value="20"]:not([aria-pressed])')) {
    await hand.press('.prefs button[value="20"]');
    await page.waitForSelector('html[data-elder="20"]');
  }
  await hand.press(`.prefs button[value="${size}"]`);
  await page.waitForSelector(`html[data-elder="${size}"]`);
}

test("the elder version is one press away, is kept, and is large enough everywhere", async () => {
  for (const [lang, size] of [["zh", "20"], ["zh", "25"], ["en", "30"]]) {
    const page = await person(browser, { lang, ...PHONE });
    const hand = pointer(page);
    await page.goto("/");
    await chooseSize(page, hand, size);
    const story = { ...BINS, text: `河边的长椅断了两条腿，没法坐。${unique()}` };
    await walk(page, hand, story, async (where) => {
      assert.equal(await page.getAttribute("html", "data-elder"), size, `${where}: kept`);
      await elder(page, size, where);
      if (size !== "25") await clean(page, where);
    });
    for (const path of ["/open", "/docs/errors", "/nowhere"]) {
      await page.goto(path);
      await elder(page, size, path);
      await clean(page, path);
    }
    await hand.press('.prefs button[value="off"]');
    await page.waitForSelector("html:not([data-elder])");
  }
});

test("the elder version is reached by keyboard", async () => {
  const page = await person(browser, PHONE);
  const hand = keyboard(page);
  await page.goto("/track");
  await hand.press('.prefs button[value="20"]');
  await page.waitForSelector('html[data-elder="20"]');
  assert.equal(new URL(page.url()).pathname, "/track", "one stays on the page");
});

test("what a resident reported is shown to nobody without the secret", async () => {
  const page = await person(browser, PHONE);
  const hand = pointer(page);
  const slip = await report(page, hand, { ...BINS, text: `桥下的健身器材生锈断裂。${unique()}` });
  const stranger = await person(browser, PHONE);
  await stranger.goto(`/track/${slip.code}`);
  assert.ok(!(await stranger.content()).includes("健身器材"), "no words by the code alone");
  await track(stranger, pointer(stranger), slip);
  assert.ok((await stranger.innerText("main")).includes("健身器材"), "the words with the secret");
});
