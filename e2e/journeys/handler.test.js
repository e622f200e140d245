// A unit handler finds the case, signs in for it, answers with evidence; the resident then has the last word.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { report, track } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const ANSWER = "已于今天上午更换灯具并试亮，夜间巡查一周。";

async function work({ lang, hands, story, solved }) {
  const resident = await person(browser, { lang, ...PHONE });
  const slip = await report(resident, hands(resident), story);

  const page = await person(browser, { lang, ...DESK });
  const hand = hands(page);
  const look = async (where) => {
    await clean(page, where);
    await fits(page, where);
  };
  await signIn(page, hand, "bh-housing");
  assert.equal(new URL(page.url()).pathname, "/inbox", "a handler begins at the inbox");
  await look("inbox");
  await hand.write("#q", "没有这样的诉求");
  await hand.press(".filters button");
  await page.waitForSelector(".empty");
  await look("inbox, nothing found");
  await hand.write("#q", story.text.slice(0, 12));
  await hand.press(".filters button");
  await page.waitForSelector(".row a");
  await hand.press(".row a");
  await page.waitForSelector("form[action$='/accept']");
  await look("case, assigned");
  assert.ok((await page.innerText("main")).includes(story.text), "the text is there");

  await hand.press("form[action$='/accept'] button");
  await page.waitForSelector(".tag.working");
  await look("case, accepted");
  await hand.choose("#outcome", "fixed");
  await hand.write("#text", ANSWER);
  await hand.press("form[action$='/answer'] button");
  await wrong(page, "evidence");
  await look("case, evidence missing");
  assert.equal(await page.inputValue("#text"), ANSWER, "the answer is kept");
  assert.equal(await page.inputValue("#outcome"), "fixed", "the outcome is kept");
  await hand.write("#evidence", "照片 3 张，11 月 24 日现场");
  await hand.press("form[action$='/answer'] button");
  await page.waitForSelector(".tag.answered");
  await look("case, answered");
  assert.ok((await page.innerText(".timeline")).includes("照片 3 张"), "staff see what shows it");

  await rate(resident, hands(resident), slip, solved);
}

async function rate(page, hand, slip, solved) {
  await track(page, hand, slip);
  await clean(page, "track, answered");
  const shown = await page.innerText("main");
  assert.ok(shown.includes(ANSWER), "the answer as written");
  assert.ok(!shown.includes("照片 3 张"), "what only staff see is not there");
  await hand.press("form[action$='/callback'] button");
  await page.waitForSelector("#resolved-error");
  assert.ok(await page.locator(".summary").evaluate((summary) => summary === document.activeElement), "focus on the summary");
  await clean(page, "track, rating empty");
  await hand.pick(`input[name="resolved"][value="${solved ? "yes" : "no"}"]`);
  await hand.pick(`input[name="satisfaction"][value="${solved ? 5 : 2}"]`);
  await hand.write("#comment", "谢谢");
  await hand.press("form[action$='/callback'] button");
  await page.waitForSelector(solved ? ".tag.closed" : ".tag:is(.closed, .triage, .reopened)");
  await clean(page, "track, rated");
  await fits(page, "track, rated");
}

test("a handler answers and the resident confirms, in Chinese", async () => {
  await work({
    lang: "zh",
    hands: pointer,
    solved: true,
    story: { text: "公园西路的路灯整条街不亮，已经报修过一次，还是没有人来。", area: "900102001001000", place: "公园西路" },
  });
});

test("a handler answers and the resident says no, by keyboard only, in English", async () => {
  await work({
    lang: "en",
    hands: keyboard,
    solved: false,
    story: { text: "三号楼的路灯杆歪了，灯罩掉下来砸到电动车。", area: "900102002003000", place: "三号楼前" },
  });
});
