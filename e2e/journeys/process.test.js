// A resident waits, hears how it goes and answers; the handler asks for more time; the coordinator decides and supervises.
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

const NEWS = "维修队明天上午九点到，停水约两小时。";
const REASON = "管件缺货，厂家两日后到货。";
const REPLY = "上午家里有人，请先按门铃。";
const NOTE = "业主维修基金余额不足，须与物业协商。";

const form = (name) => `form[action$='/${name}'] button`;

async function wait({ lang, hands, story }) {
  const resident = await person(browser, { lang, ...PHONE });
  const slip = await report(resident, hands(resident), story);

  const desk = await person(browser, { lang, ...DESK });
  const hand = hands(desk);
  const look = async (page, where) => {
    await clean(page, where);
    await fits(page, where);
  };
  await signIn(desk, hand, "bh-housing");
  await desk.goto(`/case/${slip.code}`);
  await hand.press(form("line"));
  await wrong(desk, "line");
  await hand.write("#line", NEWS);
  await hand.press(form("line"));
  await desk.waitForSelector(".thread .ours");
  await hand.press("details:has(form[action$='/extend']) summary");
  await hand.write("#extend-amount", "9");
  await hand.write("#extend-reason", REASON);
  await hand.press(form("extend"));
  await wrong(desk, "extend-amount");
  assert.equal(await desk.inputValue("#extend-reason"), REASON, "the reason is kept");
  await look(desk, "case, too much time asked for");
  await hand.write("#extend-amount", "2");
  await hand.press(form("extend"));
  await desk.waitForSelector(".tag.soon");
  await hand.write("#note", NOTE);
  await hand.press(form("note"));
  await desk.waitForSelector(`text=${NOTE}`);
  await look(desk, "case, with a thread, a request and a note");

  const lead = await person(browser, { lang, ...DESK });
  const leading = hands(lead);
  await signIn(lead, leading, "bh-coordinator");
  await lead.goto(`/case/${slip.code}`);
  await leading.press("button[name=granted][value=no]");
  await wrong(lead, "decide-answer");
  await look(lead, "case, refused without a reason");
  await leading.press("button[name=granted][value=yes]");
  await lead.waitForSelector(".tag.answered");
  await leading.press("details:has(form[action$='/supervise']) summary");
  await leading.choose("#supervise-ground", "unsolved");
  await leading.write("#supervise-reason", "两日内报告处置方案。");
  await leading.press(form("supervise"));
  await lead.waitForSelector(".tag.danger");
  await look(lead, "case, under supervision");

  await desk.goto(`/case/${slip.code}`);
  await hand.write("#report-reason", "已查明，本周内修复。");
  await hand.press(form("report"));
  await desk.waitForSelector(":not(form) > .tag.answered");
  await desk.goto("/notices");
  await look(desk, "what the unit was told");

  await answers(resident, hands(resident), slip);
  await desk.goto(`/case/${slip.code}`);
  assert.ok((await desk.innerText(".thread")).includes(REPLY), "the handler reads the answer");
}

/** The resident reads the news, and nothing of what staff say among themselves. */
async function answers(page, hand, slip) {
  await track(page, hand, slip);
  const shown = await page.innerText("main");
  assert.ok(shown.includes(NEWS) && shown.includes(REASON), shown);
  assert.ok(!shown.includes(NOTE) && !shown.includes("处置方案") && !shown.includes("本周内修复"), shown);
  await clean(page, "track, with a thread");
  await fits(page, "track, with a thread");
  await hand.write("#line", REPLY);
  await hand.press(form("line"));
  await page.waitForSelector(`text=${REPLY}`);
  await clean(page, "track, answered back");
}

test("a resident hears how it goes, and the coordinator decides, in Chinese", async () => {
  const story = { text: "五号楼的落水管断了半截，下雨天水全浇在单元门口。", area: "900102001001000", place: "5号楼" };
  await wait({ lang: "zh", hands: pointer, story });
});

test("the same by keyboard only, in English", async () => {
  const story = { text: "六号楼屋顶的防水层翘起来了，顶楼三家都在渗水。", area: "900102001001000", place: "6号楼" };
  await wait({ lang: "en", hands: keyboard, story });
});

/** Parked, taken up again, answered, and asked for once more: at each turn the resident sees where it stands and why. */
async function stands({ lang, hands, story }) {
  const resident = await person(browser, { lang, ...PHONE });
  const own = hands(resident);
  const slip = await report(resident, own, story);
  const where = async (name, count) => {
    await track(resident, own, slip);
    assert.equal(await resident.locator(".stages [aria-current=step]").count(), 1, `${name}: one stage is now`);
    assert.equal(await resident.locator(".asides li").count(), count, `${name}: what stands beside it`);
    await clean(resident, name);
    await fits(resident, name);
    return resident.innerText("main");
  };
  await where("track, given to a unit", 0);
  const [desk, lead] = [await person(browser, { lang, ...DESK }), await person(browser, { lang, ...DESK })];
  await signIn(desk, pointer(desk), "bh-housing");
  await signIn(lead, pointer(lead), "bh-coordinator");
  await desk.goto(`/case/${slip.code}`);
  await desk.click("details:has(form[action$='/park']) summary");
  await desk.selectOption("#park-ground", { index: 1 });
  await desk.fill("#park-review", new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  await desk.fill("#park-reason", "须等相邻工地退场后施工。");
  await desk.click(form("park"));
  await desk.waitForSelector(".tag.soon");
  await lead.goto(`/case/${slip.code}`);
  await lead.click("button[name=granted][value=yes]");
  await lead.waitForSelector(".asides li");
  await clean(lead, "case, parked");
  assert.ok((await where("track, parked", 1)).includes("须等相邻工地退场后施工。"), "and why");

  await desk.goto(`/case/${slip.code}`);
  await desk.click("details:has(form[action$='/resume']) summary");
  await desk.fill("#resume-reason", "工地已退场。");
  await desk.click(form("resume"));
  await desk.waitForFunction(() => !document.querySelector(".asides"));
  await desk.selectOption("#outcome", "explained");
  await desk.fill("#text", "已与工地协调，本月二十日前完成外墙修补，现场联系人见回执。");
  await desk.click("form[action$='/answer'] button.main");
  await desk.waitForSelector(".tag.answered");
  await where("track, answered", 0);
  await own.press("details:has(form[action$='/reopen']) summary");
  await own.write("#reason", "二十日过了，墙还是没有补。");
  await own.press("form[action$='/reopen'] button");
  await resident.waitForSelector(".asides li");
  await where("track, asked for again", 1);
}

test("a resident sees at every turn where the case stands, in Chinese", async () => {
  const story = { text: "十号楼外墙裂缝渗水，卧室墙面起泡。", area: "900102001001000", place: "10号楼" };
  await stands({ lang: "zh", hands: pointer, story });
});

test("a resident sees at every turn where the case stands, by keyboard only, in English", async () => {
  const story = { text: "十一号楼外墙裂缝渗水，厨房墙面起泡。", area: "900102001001000", place: "11号楼" };
  await stands({ lang: "en", hands: keyboard, story });
});
