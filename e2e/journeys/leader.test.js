// A leader reads the dashboard, opens a figure and sees its cases; everybody reads the open figures.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits } from "../lib/look.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function read(page, hand) {
  const look = async (where) => {
    await clean(page, where);
    await fits(page, where);
  };
  await signIn(page, hand, "leader");
  assert.equal(new URL(page.url()).pathname, "/dashboard", "a leader begins at the dashboard");
  await look("dashboard");
  assert.ok((await page.locator(".figure .value").count()) >= 6, "the figures");
  await hand.press(".figure:nth-child(3) summary");
  await look("dashboard, a formula open");
  await hand.press(".figure:nth-child(3) a.reach");
  await page.waitForSelector(".tabs [aria-current=page]");
  await look("cases behind a figure");
  const counts = await page.locator(".tabs .badge").allInnerTexts();
  const [all, met, rest] = counts.map((count) => Number(count.replaceAll(",", "")));
  assert.equal(met + rest, all, "both sides make up the whole");
  assert.ok(all > 0, "there are cases");
  const rows = await page.locator(".rows .row").count();
  assert.ok(rows > 0 && rows <= all, "its cases are listed");

  await hand.press(".tabs li:nth-child(3) a");
  await page.waitForURL(/side=rest/);
  await look("those that did not meet it");
  await hand.press(".rows .row:first-child a");
  await page.waitForURL(/\/case\//);
  await look("a case behind the figure");
  assert.equal(await page.locator("main form[action$='/answer']").count(), 0, "a leader reads and does not act");
}

test("a leader opens a figure and sees its cases, in Chinese", async () => {
  const page = await person(browser, DESK);
  await read(page, pointer(page));
});

test("a leader opens a figure and sees its cases by keyboard only, in English", async () => {
  const page = await person(browser, { lang: "en", ...DESK });
  await read(page, keyboard(page));
});

test("a leader reads the dashboard on a phone", async () => {
  const page = await person(browser, PHONE);
  await signIn(page, pointer(page), "leader");
  await clean(page, "dashboard on a phone");
  await fits(page, "dashboard on a phone");
});

test("a leader chooses what is drawn and sees areas compared by what they have to do", async () => {
  const page = await person(browser, DESK);
  const hand = pointer(page);
  await signIn(page, hand, "leader");
  await hand.choose("#show", "satisfaction");
  await hand.press(".filters button[type=submit]");
  await page.waitForURL(/show=satisfaction/);
  assert.match(await page.innerText("#map"), /满意率/);
  await hand.press("#fair a.reach");
  await page.waitForURL(/mix=1/);
  assert.match(await page.innerText("#fair"), /满意率[\s\S]*预期/);
  await clean(page, "compared by mix");
  await fits(page, "compared by mix");
  assert.ok((await page.locator(".area-map circle").count()) > 1, "areas on the map");
  await hand.press(".queue.late a");
  await page.waitForURL(/\/inbox\?tab=late/);
});

for (const [name, screen] of [["a wall", { viewport: { width: 1920, height: 1080 } }], ["a phone", PHONE]]) {
  test(`the dashboard for a wall on ${name}`, async () => {
    const page = await person(browser, screen);
    await signIn(page, pointer(page), "leader");
    await page.goto("/dashboard/wall");
    await page.waitForFunction(() => document.querySelector("[role=status]").textContent.trim() !== "");
    await clean(page, name);
    await fits(page, name);
    assert.equal(await page.locator("main form, main a[href*='/case/']").count(), 0, "nothing to fill in, nobody's case");
    if (screen === PHONE) return;
    const sizes = (selector) =>
      page.locator(selector).evaluateAll((all) => Math.min(...all.map((e) => Number.parseFloat(getComputedStyle(e).fontSize))));
    assert.ok((await sizes(".queue, .wall-figure h2, .wall-figure .aim, .wall h2")) >= 32, "letters read from four metres");
    assert.ok((await sizes(".queue strong, .wall-figure .value")) >= 72, "numbers read from four metres");
    const below = await page.evaluate(() => document.querySelector(".wall-below").getBoundingClientRect().bottom);
    assert.ok(below <= 1080, `nothing has to be scrolled: ${below}`);
  });
}

test("everybody reads what the indicators are", async () => {
  const page = await person(browser, PHONE);
  await page.goto("/open/indicators");
  await clean(page, "indicators");
  await fits(page, "indicators");
});

test("the open figures show no way to a case", async () => {
  const page = await person(browser, PHONE);
  await page.goto("/open");
  await clean(page, "open figures");
  assert.equal(await page.locator('main a[href*="/case/"], main a[href*="/dashboard"]').count(), 0, "no cases there");
});
