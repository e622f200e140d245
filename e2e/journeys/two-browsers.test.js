// Two of one unit have one case open, and the resident writes in between: each is told of the other, and no text is lost.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits } from "../lib/look.js";
import { report, track, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const FIRST = "维修队今天上午到现场，更换了顶层防水卷材三十米，试水两小时无渗漏，已请楼长签字确认。";
const SECOND = "经查，渗漏点在顶层女儿墙根部，原卷材老化开裂。已约定周五前完成更换，期间派人遮盖，楼下三户由社区帮助挪放家具。";
const LINE = "今天又下雨了，请先把雨布盖上。";

/** A colleague at the same unit, made by the security administrator. */
async function colleague() {
  const page = await person(browser, DESK);
  const login = `bh-housing-${unique().slice(0, 8)}`;
  await signIn(page, pointer(page), "security-admin");
  const unit = await page.locator("#unit option", { hasText: "滨湖区住房和城乡建设局" }).getAttribute("value");
  for (const [field, text] of [["login", login], ["name", "李倩"], ["password", "muster-demo-2026"]]) {
    await page.fill(`#${field}`, text);
  }
  for (const [field, value] of [["role", "unit_handler"], ["area", "900102000000000"], ["unit", unit]]) {
    await page.selectOption(`#${field}`, value);
  }
  await page.click('form[action="/admin/accounts"] button.main');
  await page.waitForSelector(`h2 small:text-is("${login}")`);
  await page.context().close();
  return login;
}

async function meet({ lang, hands, story }) {
  const resident = await person(browser, { lang, ...PHONE });
  const slip = await report(resident, hands(resident), story);
  const [one, two] = [await person(browser, { lang, ...DESK }), await person(browser, { lang, ...DESK })];
  const [first, second] = [hands(one), hands(two)];
  await signIn(one, first, "bh-housing");
  await signIn(two, second, await colleague());
  await one.goto(`/case/${slip.code}`);
  assert.equal(await one.locator("[data-here] .notice").count(), 0, "nobody else is there");
  await two.goto(`/case/${slip.code}`);
  assert.ok((await two.innerText("[data-here]")).includes("薛水生"), "the second sees the first");
  await one.waitForSelector('[data-here] .notice:has-text("李倩")');
  await clean(one, "case, two are on it");
  await fits(two, "case, two are on it");

  await second.choose("#outcome", "explained");
  await second.write("#text", SECOND);
  await first.choose("#outcome", "fixed");
  await first.write("#text", FIRST);
  await first.write("#evidence", "照片 4 张");
  await track(resident, hands(resident), slip);
  await hands(resident).write("#line", LINE);
  await hands(resident).press("form[action$='/line'] button");
  await resident.waitForSelector(`text=${LINE}`);
  await first.press("form[action$='/answer'] button.main");
  await one.waitForSelector(".tag.answered");
  assert.ok((await one.innerText(".thread")).includes(LINE), "what the resident wrote in between is there");

  await two.waitForSelector(`[data-here] a[href*="/case/"]`);
  await clean(two, "case, changed meanwhile");
  assert.equal(await two.inputValue("#text"), SECOND, "what the second typed stands");
  await second.press("form[action$='/answer'] button.main");
  await two.waitForSelector("#typed-text");
  await clean(two, "conflict, nothing to send any more");
  await fits(two, "conflict, nothing to send any more");
  assert.equal(await two.inputValue("#typed-text"), SECOND, "no text is lost");
  assert.ok((await two.innerText(".timeline")).includes(FIRST), "what the other answered is there");
  assert.equal(await two.locator("form.card button").count(), 0, "a case that is answered is not answered again");
}

/** The case changes, and what was typed still fits: it is sent after a look. */
async function merge({ lang, hands, story }) {
  const resident = await person(browser, { lang, ...PHONE });
  const slip = await report(resident, hands(resident), story);
  const [one, two] = [await person(browser, { lang, ...DESK }), await person(browser, { lang, ...DESK })];
  const [first, second] = [hands(one), hands(two)];
  await signIn(one, first, "bh-housing");
  await signIn(two, second, "bh-housing");
  await two.goto(`/case/${slip.code}`);
  await second.choose("#outcome", "fixed");
  await second.write("#text", SECOND);
  await second.write("#evidence", "记录一份");
  await one.goto(`/case/${slip.code}`);
  await first.press("form[action$='/accept'] button");
  await one.waitForSelector(".tag.working");
  await second.press("form[action$='/answer'] button.main");
  await two.waitForSelector("#typed-text");
  await clean(two, "conflict");
  await fits(two, "conflict");
  assert.equal(await two.inputValue("#typed-text"), SECOND);
  await second.write("#typed-text", `${SECOND}（已签收）`);
  await second.press("form.card button.main");
  await two.waitForSelector(".tag.answered");
  assert.ok((await two.innerText(".timeline")).includes("（已签收）"), "both acts stand");
}

const LEAK = { text: "七号楼顶楼漏雨，卧室天花板整块掉下来，", area: "900102001001000", place: "7号楼" };
const told = (how) => ({ ...LEAK, text: `${LEAK.text}${how}${unique()}` });

test("two on one case: no text is lost, in Chinese", async () => {
  await meet({ lang: "zh", hands: pointer, story: told("老人不敢睡。") });
});

test("two on one case: no text is lost, by keyboard only, in English", async () => {
  await meet({ lang: "en", hands: keyboard, story: told("楼道也湿了。") });
});

test("what still fits after a change is sent after a look", async () => {
  await merge({ lang: "zh", hands: pointer, story: told("墙皮鼓包。") });
});
