// Quilts from whoever gives them to the hand that gets them: taken in, kept for a need, sent on a slip, signed for in part,
// the rest brought back; then the trail, for staff and for the giver.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const form = (name) => `form[action$='/${name}'] button`;
const AREA = "900103001000000";
const RECEIVER = "孙奶奶";

async function takesIn(page, hand, look) {
  await page.goto("/stocks");
  await look("stocks");
  await hand.press("details summary:not(.figure summary)");
  await hand.write("#name", `库 ${unique().slice(0, 12)}`);
  await hand.choose("#area", AREA);
  await hand.press("form[action='/stocks'] button");
  await page.waitForURL(/\/stocks\/[0-9A-Z]{13}$/);
  await look("a new stock");
  await hand.choose("#item", "milk");
  await hand.write("#quantity", "12");
  await hand.press(form("lots"));
  await wrong(page, "expires");
  assert.equal(await page.inputValue("#quantity"), "12", "what was typed stays");
  await hand.choose("#item", "quilt");
  await hand.write("#donor", "湖东被服厂");
  await hand.press(form("lots"));
  await page.waitForURL(/\/lots\//);
  await look("a lot");
}

async function keeps(page, hand, look) {
  const need = await page.locator("#commit-need option", { hasText: "山区学校添置棉被" }).getAttribute("value");
  await hand.choose("#commit-need", need);
  await hand.write("#commit-quantity", "13");
  await hand.press("form[action='/consignments'] button");
  await wrong(page, "commit-quantity");
  await look("more than there is");
  await hand.choose("#commit-need", need);
  await hand.write("#commit-quantity", "10");
  await hand.press("form[action='/consignments'] button");
  await page.waitForURL(/\/consignments\/[0-9A-Z]{13}$/);
  await look("a slip, kept");
  await hand.press(form("send"));
  await page.waitForSelector(".slip .code-big");
  await look("a slip, sent");
  const parts = await page.locator(".slip .code-big span").allInnerTexts();
  return { code: page.url().split("/").pop(), word: parts.join("") };
}

async function signs(lang, hands, look, { code, word }) {
  const page = await person(browser, { lang, ...PHONE });
  const hand = hands(page);
  await page.goto(`/receipt/${code}`);
  await look(page, "sign for goods");
  await hand.write("#quantity", "7");
  await hand.write("#name", RECEIVER);
  await hand.write("#word", "22222222");
  await hand.press("main form button");
  await wrong(page, "word");
  assert.equal(await page.inputValue("#name"), RECEIVER, "what was typed stays");
  await hand.write("#word", word.toLowerCase());
  await hand.press("main form button");
  await page.waitForSelector(".notice.good");
  await look(page, "signed");
  await page.context().close();
}

async function bringsBack(page, hand, look) {
  await page.reload();
  await hand.press("details:has(form[action$='/return']) summary");
  assert.equal(await page.inputValue("#back-quantity"), "3", "what is still on the way");
  await hand.press("form[action$='/return'] button[value=no]");
  await wrong(page, "back-note");
  await look("brought back, without a reason");
  await hand.write("#back-note", "家里放不下");
  await hand.press("form[action$='/return'] button[value=no]");
  await page.waitForSelector(".tag.closed");
  await look("a slip, settled");
}

async function trail(page, look, lot) {
  await page.goto(lot);
  assert.equal(await page.locator(".trail > li").count(), 5, "in, kept, sent, received, back");
  assert.ok(await page.locator(".trail", { hasText: "孙＊＊" }).isVisible(), "the first character of who signed");
  await look("a lot with its trail");
  await page.goto("/stocks/plan");
  await look("how to share out");
  const giver = await browser.newContext({ baseURL: new URL(page.url()).origin });
  const open = await giver.newPage();
  await open.goto(lot.replace("/lots/", "/donation/"));
  assert.equal(await open.locator(".trail > li").count(), 4, "what was only kept is left out");
  const body = await open.innerText("main");
  for (const name of ["孙", "湖东被服厂", "家里放不下"]) assert.ok(!body.includes(name), `${name} is not shown`);
  await clean(open, "what became of a gift");
  await giver.close();
}

for (const { name, lang, screen, hands } of [
  { name: "at a desk, by keyboard, in Chinese", lang: "zh", screen: DESK, hands: keyboard },
  { name: "on a phone, in English", lang: "en", screen: PHONE, hands: pointer },
]) {
  test(`goods from the giver to the hand: ${name}`, async () => {
    const page = await person(browser, { lang, ...screen });
    const hand = hands(page);
    const looks = async (at, where) => {
      await clean(at, where);
      await fits(at, where);
    };
    const look = (where) => looks(page, where);
    await signIn(page, hand, "coordinator");
    await takesIn(page, hand, look);
    const lot = new URL(page.url()).pathname;
    const slip = await keeps(page, hand, look);
    await signs(lang, pointer, looks, slip);
    await bringsBack(page, hand, look);
    await trail(page, look, lot);
    await page.context().close();
  });
}
