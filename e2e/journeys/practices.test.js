// What was solved once helps the next: a handler meets a practice beside a case and takes it up; a closed case is proposed, a
// curator decides, and everybody may read what was opened.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { report, track, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const LOOK = process.env.MUSTER_PICTURES;
const picture = async (page, name) => {
  if (LOOK) await page.screenshot({ path: `${LOOK}/${name}.png`, fullPage: true });
};

async function look(page, where, name) {
  await clean(page, where);
  await fits(page, where);
  if (name) await picture(page, name);
}

/** Somebody reports; a coordinator gives it to the district's housing unit. */
async function given(story) {
  const resident = await person(browser, PHONE);
  const slip = await report(resident, pointer(resident), story);
  const page = await person(browser, DESK);
  const hand = pointer(page);
  await signIn(page, hand, "coordinator");
  await page.goto(`/case/${slip.code}`);
  await page.locator("details", { has: page.locator("#assign-unit") }).locator("summary").click();
  await page.selectOption("#assign-unit", { label: "滨湖区住房和城乡建设局" });
  await hand.write("#assign-reason", "由住建牵头");
  await hand.press("form[action$='/assign'] button");
  await page.waitForSelector(".tag.assigned");
  await page.context().close();
  return { resident, slip };
}

test("a handler sees how others solved it and takes it up", async () => {
  const text = `老院子下水道堵了半个月，管道塌陷，疏通一次管几天，一楼家里反复返水，臭得没法住。${unique()}`;
  const { slip } = await given({ text, area: "900102001001000", place: "柳港里 3 号院" });
  const page = await person(browser, DESK);
  const hand = keyboard(page);
  await signIn(page, pointer(page), "bh-housing");
  await page.goto(`/case/${slip.code}`);
  await page.waitForSelector("#practices-title");
  await look(page, "case with practices", "case-desk");
  const beside = page.locator("section[aria-labelledby=practices-title]");
  assert.match(await beside.locator("li").first().innerText(), /下水道/, "the nearest is about drains");
  assert.ok((await beside.locator("mark").count()) > 0, "with the words they share");
  const title = await beside.locator("h3").first().innerText();
  await hand.press("section[aria-labelledby=practices-title] li:first-child form button");
  await page.waitForURL((url) => url.searchParams.has("practice"));
  assert.match(await page.inputValue("#text"), /探管机器人/, "its measures stand in the answer");
  assert.ok((await page.innerText("main")).includes(title));
  await look(page, "case, practice taken", "case-taken-desk");
  await page.setViewportSize(PHONE.viewport);
  await look(page, "case, practice taken, phone", "case-taken-phone");
  await page.setViewportSize(DESK.viewport);
  await page.click("section[aria-labelledby=practices-title] h3 a");
  await page.waitForSelector("#effect-title");
  await look(page, "practice, as a handler", "practice-handler-desk");
  assert.equal(await page.locator("button[name=verdict]").count(), 0, "a handler does not decide");
});

test("a closed case is proposed, written better by a curator, accepted and opened to all", async () => {
  const word = unique();
  const text = `楼道公共照明整个单元都不亮，晚上老人上下楼摔过一次，物业说没有钱换。${word}`;
  const { resident, slip } = await given({ text, area: "900102001001000", place: "柳港里 5 幢" });
  const page = await person(browser, DESK);
  const hand = pointer(page);
  await signIn(page, hand, "bh-housing");
  await page.goto(`/case/${slip.code}`);
  await hand.press("form[action$='/accept'] button");
  await page.waitForSelector(".tag.working");
  await hand.choose("#outcome", "fixed");
  await hand.write("#text", "已更换感应灯具并恢复供电。");
  await hand.write("#evidence", "5 月 6 日现场照片");
  await hand.press("form[action$='/answer'] button");
  await page.waitForSelector(".tag.answered");
  await track(resident, pointer(resident), slip);
  await resident.check("input[name=resolved][value=yes]");
  await resident.check("input[name=satisfaction][value='5']");
  await resident.click("form[action$='/callback'] button");
  await resident.waitForSelector(".tag.closed");

  await page.goto(`/case/${slip.code}`);
  await look(page, "closed case");
  await hand.press("a[href$='/practice']");
  await page.waitForSelector("#measures");
  await look(page, "writing a practice", "form-desk");
  await hand.write("#title", `楼道照明先亮灯再算账 ${word.slice(0, 6)}`);
  await hand.write("#matter", "公共照明损坏，物业以没有资金为由拖延，夜里有人摔倒。");
  await hand.write("#measures", "打 13900001234 找值班电工，当晚先恢复照明，费用再从公共收益里列支并公示。");
  await hand.press("main form button.main");
  await wrong(page, "measures");
  await look(page, "a practice with a phone in it", "form-wrong-desk");
  assert.match(await page.inputValue("#measures"), /公共收益/, "what was typed is kept");
  await page.setViewportSize(PHONE.viewport);
  await look(page, "a practice with a phone in it, phone", "form-wrong-phone");
  await page.setViewportSize(DESK.viewport);
  await hand.write("#measures", "值班电工当晚先恢复照明，费用再从公共收益里列支，清单在楼道公示七天。");
  await hand.press("main form button.main");
  await page.waitForURL(/\/practices\/[0-9a-f-]+$/);
  const address = new URL(page.url()).pathname;
  await look(page, "practice, proposed");

  const curator = await person(browser, DESK);
  const decides = pointer(curator);
  await signIn(curator, decides, "bh-coordinator");
  await curator.goto("/practices?show=proposed");
  await look(curator, "curation queue", "queue-desk");
  await curator.setViewportSize(PHONE.viewport);
  await look(curator, "curation queue, phone", "queue-phone");
  await curator.setViewportSize(DESK.viewport);
  await decides.press(`a[href='${address}']`);
  await curator.waitForSelector("button[name=verdict][value=accept]");
  await look(curator, "practice, as a curator", "practice-curator-desk");
  await decides.press("button[name=verdict][value=reject]");
  await wrong(curator, "reason");
  await look(curator, "rejecting needs a reason");
  await decides.press("main details.card summary");
  await decides.write("#limits", "公共收益不足的小区由街道先行垫付。");
  await decides.press("form[action$='/edit'] button");
  await curator.waitForURL((url) => url.pathname === address);
  assert.match(await curator.innerText("main"), /街道先行垫付/);
  await decides.press("button[name=verdict][value=accept]");
  await curator.waitForSelector("button[name=verdict][value=publish]");
  await decides.press("button[name=verdict][value=publish]");
  await curator.waitForSelector("button[name=verdict][value=withdraw]");
  await look(curator, "practice, open to all", "practice-open-curator-desk");
  await curator.setViewportSize(PHONE.viewport);
  await look(curator, "practice, open to all, phone", "practice-curator-phone");

  const anybody = await person(browser, PHONE);
  await anybody.goto("/open/practices");
  await look(anybody, "open practices", "open-list-phone");
  await anybody.click(`a[href='/open${address}']`);
  await look(anybody, "an open practice", "open-phone");
  const shown = await anybody.innerText("main");
  assert.ok(shown.includes("滨湖区") && !shown.includes("柳港里"), "no smaller place than a district");
});

test("practices are searched, and the figures open their cases", async () => {
  const page = await person(browser, DESK);
  const hand = pointer(page);
  await signIn(page, hand, "coordinator");
  await page.goto("/practices");
  await look(page, "practices", "list-desk");
  await hand.write("#q", "噪声 夜里");
  await hand.press(".filters button");
  await page.waitForURL((url) => url.searchParams.has("q"));
  assert.equal(await page.locator(".row").count(), 1);
  await look(page, "practices, searched");
  await page.click(".row h3 a");
  await page.waitForSelector("#effect-title");
  await page.locator("details", { hasText: "统计口径" }).locator("summary").click();
  await look(page, "practice with its formula", "formula-desk");
  await page.click("a[href*='side=taken']");
  await look(page, "cases behind a figure", "cases-desk");
  await page.setViewportSize(PHONE.viewport);
  await look(page, "cases behind a figure, phone", "cases-phone");
  await page.goto("/practices?q=没有这样的事");
  await page.waitForSelector(".empty");
  await look(page, "no practice found");
});
