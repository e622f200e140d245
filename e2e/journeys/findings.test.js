// From a figure that is red to its cases, to a finding, to its strike-off: the leader, the unit that owns it, and who checks.
import assert from "node:assert/strict";
import { mkdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { unique } from "./acts.js";

const OWNER = "明湖市城市管理局";
const PICTURES = process.env.MUSTER_PICTURES;

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function look(page, where) {
  await clean(page, where);
  await fits(page, where);
}

/** A picture for whoever wants to look at it: MUSTER_PICTURES names a folder. */
async function picture(page, name) {
  if (!PICTURES) return;
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: `${PICTURES}/${name}.png`, fullPage: true });
}

/** The leader goes from the figure to the cases that did not meet it, and makes a finding of it; returns its address. */
async function open(page, hand, title) {
  await signIn(page, hand, "leader");
  await hand.press(".figure:nth-child(3) a.reach");
  await page.waitForSelector(".tabs [aria-current=page]");
  await hand.press(".tabs li:nth-child(3) a");
  await page.waitForURL(/side=rest/);
  await look(page, "the cases that did not meet it");
  await hand.press("main header a.button");
  await page.waitForURL(/\/findings\/new/);
  await look(page, "the form");
  assert.ok(await page.locator("main .value").isVisible(), "the figure stands on the form");
  await hand.write("#title", title);
  await hand.press("main form button.main");
  await wrong(page, "words");
  await look(page, "the form with what is missing");
  await picture(page, "finding-form");
  await hand.write("#words", "超期集中在少数事项，需要查清原因。");
  const unit = await page.locator("#unit option", { hasText: OWNER }).first().getAttribute("value");
  await hand.choose("#unit", unit);
  await hand.press("main form button.main");
  await page.waitForURL(/\/findings\/[0-9a-f-]{36}$/);
  await look(page, "a finding");
  return new URL(page.url()).pathname;
}

/** The unit claims it, says what it does and by when, and that it is put right. */
async function fix(page, hand, path) {
  await signIn(page, hand, "mh-urban-management");
  await page.goto(path);
  await look(page, "to be claimed");
  await hand.press("main form[action$='/claim'] button");
  await page.waitForSelector("#measure");
  await hand.write("#measure", "逐件查清原因，专人盯办，每周通报。");
  await hand.press("main form[action$='/plan'] button");
  await page.waitForSelector("main form[action$='/begin']");
  await look(page, "planned");
  await hand.press("main form[action$='/begin'] button");
  await page.waitForSelector("main form[action$='/begin']", { state: "detached" });
  await hand.write("#evidence", "两周内没有新增超期，台账见附件。");
  await picture(page, "finding-unit");
  await hand.press("main form[action$='/own-check'] button");
  await page.waitForSelector("#evidence", { state: "detached" });
  await look(page, "checked by the unit");
  assert.equal(await page.locator("main form[action$='/check']").count(), 0, "the owner does not check");
}

/** Somebody else checks. */
async function check(page, hand, path) {
  await signIn(page, hand, "coordinator");
  await page.goto(path);
  await look(page, "to be checked");
  await hand.write("#reason", "抽查十件，均按时。");
  await hand.press("main form[action$='/check'] button.main");
  await page.waitForSelector("main form[action$='/publish']");
  await look(page, "the check passed");
}

/** The leader publishes and strikes it off. */
async function strike(page, hand, path, title) {
  await page.goto(path);
  await hand.write("#words", "部分事项办理超期；现已专人盯办，两周内没有新增。");
  await hand.press("main form[action$='/publish'] button");
  await page.waitForSelector("main form[action$='/strike']");
  await look(page, "published");
  await hand.write("#reason", "公示无异议，准予销号。");
  await hand.press("main form[action$='/strike'] button");
  await page.waitForSelector("main form[action$='/strike']", { state: "detached" });
  await look(page, "struck off");
  assert.ok((await page.locator(".timeline > li").count()) >= 9, "its whole history");
  await picture(page, "finding-struck");
  await page.goto("/findings?group=struck");
  await look(page, "the list");
  assert.ok(await page.locator(".rows a", { hasText: title }).isVisible(), "it stands among what is struck off");
  await picture(page, "findings-list");
}

async function walk(lang, hand, view) {
  const title = `办理超期较多 ${unique().slice(0, 6)}`;
  const leader = await person(browser, { lang, ...view });
  const path = await open(leader, hand(leader), title);
  const unit = await person(browser, { lang, ...view });
  await fix(unit, hand(unit), path);
  const checker = await person(browser, { lang, ...view });
  await check(checker, hand(checker), path);
  await strike(leader, hand(leader), path, title);
  const anybody = await person(browser, { lang, ...PHONE });
  await anybody.goto("/open/findings");
  await look(anybody, "what is public");
  assert.ok(await anybody.locator("article h2", { hasText: title }).isVisible(), "everybody reads of it");
  assert.equal(await anybody.locator("main", { hasText: "抽查十件" }).count(), 0, "and nothing of what staff wrote");
  await picture(anybody, "findings-open-phone");
}

test("a red figure becomes a finding and is struck off, in Chinese", () => walk("zh", pointer, DESK));

test("a red figure becomes a finding and is struck off by keyboard only, in English", () => walk("en", keyboard, DESK));

test("a grid worker reports what is wrong, on a phone", async () => {
  const page = await person(browser, PHONE);
  const hand = pointer(page);
  await signIn(page, hand, "grid-liugangli-1");
  await page.goto("/findings/note");
  await look(page, "the form on a phone");
  await hand.write("#title", `消防通道常被占 ${unique().slice(0, 6)}`);
  await hand.write("#words", "三次巡查都被占。");
  await hand.choose("#area", await page.locator("#area option").nth(1).getAttribute("value"));
  await hand.press("main form button.main");
  await page.waitForSelector("main h1");
  await look(page, "reported");
  assert.equal(await page.locator("main form").count(), 0, "it is with a coordinator now");
});

test("the lists, the programme and the trial of rules on desk and phone", async () => {
  for (const [name, view] of [["desk", { viewport: { width: 1280, height: 800 } }], ["phone", PHONE]]) {
    const page = await person(browser, view);
    await signIn(page, pointer(page), "leader");
    for (const [where, path] of [
      ["findings", "/findings"],
      ["programme", "/programme"],
      ["programme-edit", "/programme/edit"],
      ["replays", "/replays"],
    ]) {
      await page.goto(path);
      await look(page, `${where} on a ${name}`);
      await picture(page, `${where}-${name}`);
    }
    await page.goto("/programme");
    await page.locator(".rows a").first().click();
    await page.waitForURL(/\/programme\/tasks\//);
    await look(page, `a key task on a ${name}`);
    await page.goto("/findings");
    await page.locator(".rows a").first().click();
    await page.waitForSelector(".timeline");
    await look(page, `a finding on a ${name}`);
    await picture(page, `finding-${name}`);
    await page.goto("/replays?file=clocks.toml");
    const today = await page.evaluate(() => new Date().toISOString().slice(0, 10));
    await page.fill("#to", today);
    await page.fill("#text", (await page.inputValue("#text")).replaceAll("amount = 5", "amount = 3"));
    await page.click("main form[method=post] button.main");
    await page.waitForSelector("#outcome-title");
    await look(page, `rules tried on a ${name}`);
    await picture(page, `replayed-${name}`);
  }
});
