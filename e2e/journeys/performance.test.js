// The head of a unit reads its score, opens the cases of a line and appeals; a coordinator who is not of the unit decides;
// a leader approves; and everybody reads how much was left out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const looker = (page) => async (where) => {
  await clean(page, where);
  await fits(page, where);
};

/** The head reads, opens, and appeals; returns the address of the score. */
async function appeals(page, hand, look, unit) {
  await signIn(page, hand, `${unit}-head`);
  await page.goto("/performance");
  await look("scores, of the own unit");
  assert.equal(await page.locator("main tbody tr").count(), 1, "the head sees its own unit only");
  await hand.press("main tbody th a");
  await page.waitForURL(/\/performance\/[0-9a-f-]{36}$/);
  await look("score");
  const path = new URL(page.url()).pathname;
  const missed = page.locator("main tbody a[href*='side=rest']").first();
  const count = Number((await missed.innerText()).split(":").pop());
  const href = await missed.getAttribute("href");
  await page.goto(href);
  await look("cases behind a line");
  const rows = await page.locator(".rows .row").count();
  assert.equal(rows, count, "as many cases as the line says");
  const code = (await page.locator(".rows .row .code").first().innerText()).trim();

  await page.goto(path);
  await hand.press("details:has(form[action$='/appeal']) summary");
  await hand.press("form[action$='/appeal'] button");
  await wrong(page, "reason");
  await look("score, an appeal without a reason");
  await hand.choose("#part", "on_time");
  await hand.write("#reason", "暴雨红色预警停工四天，停工令附后。");
  await hand.write("#cases", code);
  await hand.choose("#ground", "force_majeure");
  await hand.press("form[action$='/appeal'] button");
  await page.waitForSelector("#appeal-title");
  await look("score, under appeal");
  assert.equal(await page.locator("form[action$='/appeal']").count(), 0, "once");
  return path;
}

async function decides(page, hand, look, path) {
  await signIn(page, hand, "bh-coordinator");
  await page.goto("/performance/appeals");
  await look("what waits to be decided");
  const card = `section:has(a[href='${path}'])`;
  await hand.press(`${card} button[value=yes]`);
  await page.waitForSelector(".summary");
  await look("an appeal decided without a reason");
  await hand.write(`${card} textarea`, "停工令属实。");
  await hand.press(`${card} button[value=yes]`);
  await page.waitForURL((url) => /^\/performance\/[0-9a-f-]{36}$/.test(url.pathname) && url.pathname !== path);
  await look("the score counted anew");
  return new URL(page.url()).pathname;
}

async function walk({ lang, hands, unit }) {
  const head = await person(browser, { lang, ...DESK });
  const path = await appeals(head, hands(head), looker(head), unit);
  const reviewer = await person(browser, { lang, ...DESK });
  const changed = await decides(reviewer, hands(reviewer), looker(reviewer), path);

  const leader = await person(browser, { lang, ...DESK });
  await signIn(leader, hands(leader), "leader");
  await leader.goto(changed);
  const approve = "form[action$='/approve'] button";
  if ((await leader.locator(approve).count()) > 0) {
    await looker(leader)("a changed score before a leader");
    await hands(leader).press(approve);
    await leader.waitForFunction(() => !document.querySelector("form[action$='/approve']"));
  }
  await looker(leader)("a score that counts");

  await head.goto("/notices");
  await looker(head)("what the head was told");
  await head.goto(path);
  assert.ok((await head.locator("main a[href^='/performance/']").count()) > 1, "the old version leads to the new");
}

test("unit head appeals, in Chinese", async () => {
  await walk({ lang: "zh", hands: pointer, unit: "bh-housing" });
});

test("unit head appeals, by keyboard only, in English", async () => {
  await walk({ lang: "en", hands: keyboard, unit: "bh-urban-management" });
});

test("an interview, its record, and what a coordinator sees", async () => {
  const page = await person(browser, DESK);
  const [hand, look] = [pointer(page), looker(page)];
  await signIn(page, hand, "coordinator");
  await page.goto("/interviews");
  await look("interviews");
  await hand.press(".rows .row:first-child a");
  await page.waitForSelector("#record-title");
  await look("an interview that was held");
  for (const path of ["/performance", "/performance/signals", "/performance/burden", "/performance/appeals"]) {
    await page.goto(path);
    await look(path);
  }
});

test("scores, interviews and what is left out, on a phone", async () => {
  const page = await person(browser, PHONE);
  await page.goto("/performance/exclusions");
  await looker(page)("what is left out, for everybody");
  assert.equal(await page.locator("main a[href^='/case/']").count(), 0, "no cases there");
  await signIn(page, pointer(page), "coordinator");
  for (const path of ["/performance", "/performance/appeals", "/performance/burden", "/interviews"]) {
    await page.goto(path);
    await looker(page)(`${path} on a phone`);
  }
  await page.goto("/performance");
  await page.locator("main tbody th a").first().click();
  await page.waitForURL(/\/performance\/[0-9a-f-]{36}$/);
  await looker(page)("a score on a phone");
});
