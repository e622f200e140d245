// What the judge is not sure of waits for a person: two likeliest answers with their words, and one key press decides.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { report } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

// Of no class that a machine could be sure of.
const VAGUE = [
  { text: "隔壁每天闹到半夜，声音很大，孩子睡不着，说了几次也没有用。", area: "900102001003000", place: "夜市东头" },
  { text: "上次说的那件事一直没有下文，想问问现在到哪一步了，该找谁。", area: "900102002001000", place: "北闸路" },
  { text: "他们又来了，跟上个月一样，堵在那里不走，谁来管一管。", area: "900102001001000", place: "顺风菜场" },
];

async function waiting(story) {
  const page = await person(browser, PHONE);
  const { code } = await report(page, pointer(page), story);
  await page.goto(`/track/${code}`);
  assert.ok(await page.isVisible(".tag.triage"), `“${story.text}” waits for a person`);
  await page.context().close();
  return code;
}

async function assigned(page, code) {
  await page.goto(`/case/${code}`);
  assert.ok(await page.isVisible(".tag.assigned"), "the case is with a unit");
}

test("one key press decides", async () => {
  const code = await waiting(VAGUE[0]);
  const page = await person(browser, DESK);
  await signIn(page, pointer(page), "operator1");
  await page.goto(`/triage?case=${code}`);
  await page.waitForSelector("[data-keys]:not([hidden])");
  await clean(page, "triage");
  await fits(page, "triage");
  assert.equal(await page.locator(".likely-one").count(), 2, "the two likeliest answers");
  assert.ok((await page.locator(".likely-one").first().innerText()).includes("%"), "with how likely");
  assert.ok((await page.locator(".said mark").count()) > 0, "the words that weighed are marked in the text");

  await page.keyboard.press("2");
  await page.waitForURL((url) => url.pathname === "/triage" && !url.search);
  await clean(page, "triage, the next case or none");
  await assigned(page, code);
});

test("a key does nothing while somebody types, and nothing when keys are off", async () => {
  const code = await waiting(VAGUE[1]);
  const page = await person(browser, DESK);
  const hand = pointer(page);
  await signIn(page, hand, "operator1");
  await page.goto(`/triage?case=${code}`);
  await page.waitForSelector("[data-keys]:not([hidden])");
  await hand.press("details:last-of-type summary");
  await page.focus("#note");
  await page.keyboard.type("12");
  assert.equal(await page.inputValue("#note"), "12", "the keys are letters there");
  await hand.press("[data-keys] input");
  await page.keyboard.press("1");
  await page.reload();
  await page.waitForSelector("[data-keys]:not([hidden])");
  assert.ok(!(await page.isChecked("[data-keys] input")), "the choice is kept");
  await page.keyboard.press("1");
  await page.goto(`/case/${code}`);
  assert.ok(await page.isVisible(".tag.triage"), "nobody has decided");
});

test("a coordinator refuses nothing without a reason, and chooses another class by keyboard, in English", async () => {
  const code = await waiting(VAGUE[2]);
  const page = await person(browser, { lang: "en", ...DESK });
  const hand = keyboard(page);
  await signIn(page, hand, "coordinator");
  await page.goto(`/triage?case=${code}`);
  await page.waitForSelector("[data-keys]:not([hidden])");
  await hand.press("details:last-of-type summary");
  await hand.press("details:last-of-type button");
  await wrong(page, "reason");
  await clean(page, "triage, refused without a reason");

  await page.keyboard.press("3");
  assert.ok(await page.locator("#category").evaluate((field) => field === document.activeElement), "3 opens the choice");
  await clean(page, "triage, another class");
  await hand.press("details:not(:last-of-type) button");
  await wrong(page, "category");
  await clean(page, "triage, no class chosen");
  await hand.choose("#category", "04");
  await hand.press("details:not(:last-of-type) button");
  await page.waitForURL((url) => url.pathname === "/triage" && !url.search);
  await assigned(page, code);
  await clean(page, "the case");
});
