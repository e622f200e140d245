// A coordinator's day: what is late by a saved view, many cases given to one unit at once, more time decided, an order of
// supervision and the report on it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { report, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const form = (name) => `form[action$='/${name}'] button`;
const AREA = "900102001001000";
const REASON = "顶层漏雨由住建局统一勘查。";

/** Two reports about housing that share a word nobody has said before; their codes. */
async function twoCases(lang, word) {
  const codes = [];
  for (const what of ["八号楼屋顶漏雨，顶楼住户的天花板发霉", "九号楼外墙砖脱落，差点砸到路过的孩子"]) {
    const page = await person(browser, { lang, ...PHONE });
    const { code } = await report(page, pointer(page), { text: `${what}。${word}`, area: AREA, place: "北区" });
    codes.push(code);
    await page.context().close();
  }
  return codes;
}

async function savesView(page, hand, look, name) {
  await hand.press(".tabs a[href*='tab=late']");
  await page.waitForURL(/tab=late/);
  const late = await page.innerText(".tabs [aria-current=page] .badge");
  await look("inbox, what is late");
  await hand.press("details.save summary");
  await hand.press("details.save button");
  await wrong(page, "name");
  await look("saved views, without a name");
  await hand.write("#name", name);
  await hand.press("form:has(input[name=query]) button.main");
  const saved = page.locator(".saved [aria-current=page]", { hasText: name });
  await saved.waitFor();
  assert.equal(await saved.locator(".badge").innerText(), late, "its count is that of the list");
  const rows = await page.locator(".rows .row").count();
  assert.ok(rows === Math.min(30, Number(late)), `${rows} rows of ${late}`);
  await look("inbox, by a saved view");
  await hand.press(".saved a.reach");
  await page.waitForSelector("main h2 .badge, main h2 a");
  await look("saved views");
}

async function assignsMany(page, hand, look, { word, chooseAll, lang, codes }) {
  await page.goto(`/inbox?tab=all&q=${word}`);
  await page.waitForSelector("[data-all]:not([hidden])");
  assert.equal(await page.locator(".rows .row").count(), 2);
  await chooseAll(page);
  assert.equal(await page.locator(".tick :checked").count(), 2, "the whole page is chosen");
  await look("inbox, two chosen");
  await hand.press("#chosen button[value=assign]");
  await page.waitForSelector("#reason");
  await look("several at once, before");

  // Meanwhile the unit that has one of them signs for it.
  const other = await person(browser, { lang, ...DESK });
  await signIn(other, pointer(other), "bh-housing");
  await other.goto(`/case/${codes[0]}`);
  await other.click(form("accept"));
  await other.waitForSelector(".tag.working");

  await hand.press("form.card button.main");
  await wrong(page, "unit");
  await look("several at once, no unit");
  const unit = await page.locator("#unit option", { hasText: "滨湖区城市管理局" }).first().getAttribute("value");
  await hand.choose("#unit", unit);
  await hand.write("#reason", REASON);
  await hand.press("form.card button.main");
  await page.waitForSelector(".rows .tag.late");
  await look("several at once, one refused");
  assert.equal(await page.locator(".rows .tag.closed").count(), 1, "one is done");
  assert.ok((await page.innerText(".rows")).includes("stale-etag"), "and the other says why not");
  assert.equal(await page.inputValue("#reason"), REASON, "the words are kept");
  await hand.press("form.card button.main");
  await page.waitForFunction(() => document.querySelectorAll(".rows .tag.closed").length === 1 && !document.querySelector("#reason"));
  await look("several at once, the last one too");
}

async function supervises(page, hand, look, code, lang) {
  const unit = await person(browser, { lang, ...DESK });
  const unitHand = pointer(unit);
  await signIn(unit, unitHand, "bh-urban-management");
  await unit.goto(`/case/${code}`);
  await unit.click("details:has(form[action$='/extend']) summary");
  await unit.fill("#extend-amount", "2");
  await unit.fill("#extend-reason", "脚手架周三到场。");
  await unit.click(form("extend"));
  await unit.waitForSelector(".tag.soon");

  await page.goto(`/case/${code}`);
  await hand.press("button[name=granted][value=yes]");
  await page.waitForSelector(".asides li");
  await look("case, more time granted");
  await hand.press("details:has(form[action$='/supervise']) summary");
  await hand.choose("#supervise-ground", "unsolved");
  await hand.write("#supervise-reason", "两日内报告处置方案。");
  await hand.press(form("supervise"));
  await page.waitForFunction(() => document.querySelectorAll(".asides li").length === 2);
  await look("case, under supervision, beside its line");

  await unit.goto(`/case/${code}`);
  await unit.fill("#report-reason", "已搭设防护，周五前修复。");
  await unit.click(form("report"));
  await unit.waitForSelector("text=已搭设防护");
  await page.goto(`/case/${code}`);
  assert.ok((await page.innerText("main")).includes("已搭设防护，周五前修复。"), "the report is there");
  assert.equal(await page.locator(".asides li").count(), 1, "and the order no longer stands beside the line");
}

async function day({ lang, hands, chooseAll }) {
  const word = unique();
  const codes = await twoCases(lang, word);
  const page = await person(browser, { lang, ...DESK });
  const hand = hands(page);
  const look = async (where) => {
    await clean(page, where);
    await fits(page, where);
  };
  await signIn(page, hand, "bh-coordinator");
  assert.equal(new URL(page.url()).pathname, "/inbox", "a coordinator begins at the list");
  await savesView(page, hand, look, `late ${word.slice(0, 8)}`);
  await assignsMany(page, hand, look, { word, chooseAll, lang, codes });
  await supervises(page, hand, look, codes[1], lang);
}

test("a coordinator's day, in Chinese", async () => {
  await day({ lang: "zh", hands: pointer, chooseAll: (page) => page.check("[data-all] input") });
});

test("a coordinator's day by keyboard only, in English", async () => {
  await day({
    lang: "en",
    hands: keyboard,
    async chooseAll(page) {
      for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
    },
  });
});

test("a coordinator's list on a phone, and without scripts", async () => {
  const word = unique();
  await twoCases("zh", word);
  const page = await person(browser, { javaScriptEnabled: false, ...PHONE });
  await signIn(page, pointer(page), "bh-coordinator");
  await page.goto(`/inbox?tab=all&q=${word}`);
  await page.locator(".tick input").first().check();
  await page.click("#chosen button[value=note]");
  await page.fill("#note", "周五一并复核。");
  await page.click("form.card button.main");
  assert.equal(await page.locator(".rows .tag.closed").count(), 1);
  const phone = await person(browser, PHONE);
  await signIn(phone, pointer(phone), "bh-coordinator");
  for (const path of [`/inbox?tab=all&q=${word}`, "/inbox", "/inbox/views"]) {
    await phone.goto(path);
    await clean(phone, path);
    await fits(phone, path);
  }
});
