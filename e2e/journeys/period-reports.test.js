// A coordinator writes a report, a leader approves and publishes it, and everybody reads it.
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

const CITY = "900100000000000";
/** The quarter before the one that held the day forty days ago: the demo's units were scored for it, so it has cases. */
const quarter = () => {
  const date = new Date(Date.now() - 40 * 86_400_000);
  const n = date.getUTCFullYear() * 4 + Math.floor(date.getUTCMonth() / 3) - 1;
  return `${Math.floor(n / 4)}Q${(n % 4) + 1}`;
};

async function look(page, where) {
  await clean(page, where);
  await fits(page, where);
}

/** Writes a report and returns its address. */
async function write(page, hand, area) {
  await page.goto("/reports");
  await look(page, "list of reports");
  await hand.press("main a.button.main");
  await page.waitForSelector("#period");
  await hand.write("#period", "last year");
  await hand.press("main form button.main");
  await wrong(page, "period");
  await look(page, "a period that is none");
  await hand.choose("#area", area);
  await hand.write("#period", quarter());
  await hand.press("main form button.main");
  await page.waitForURL(/\/reports\/[0-9a-f-]{36}$/);
  return new URL(page.url()).pathname;
}

test("a report is written, approved by another, published and read by everybody", async () => {
  const writer = await person(browser, DESK);
  const writing = pointer(writer);
  await signIn(writer, writing, "coordinator");
  const address = await write(writer, writing, CITY);
  await look(writer, "a draft");
  assert.equal(await writer.locator("button[value=approve]").count(), 0, "nobody approves their own");
  assert.ok((await writer.locator("#report-areas ~ svg rect").count()) > 0, "a chart of the areas");
  const numbers = writer.locator("section[aria-labelledby=report-areas] tbody td .sides a").first();
  const count = Number(await numbers.evaluate((link) => link.lastChild.textContent));
  await numbers.click();
  await writer.waitForURL(/\/dashboard\/response\?/);
  assert.equal(Number(await writer.locator(".tabs [aria-current=page] .badge").innerText()), count, "its cases");

  const leader = await person(browser, { lang: "en", ...DESK });
  const hand = keyboard(leader);
  await signIn(leader, hand, "leader");
  await leader.goto("/reports");
  await hand.press(`a[href='${address}']`);
  await leader.waitForURL(/\/reports\/[0-9a-f-]{36}$/);
  await hand.press("button[value=approve]");
  await leader.waitForSelector("button[value=publish]");
  await look(leader, "approved");
  await hand.press("button[value=publish]");
  await leader.waitForSelector(`a[href='/open${address}']`);

  const anybody = await person(browser, PHONE);
  await anybody.goto("/open/reports");
  await look(anybody, "published reports");
  await anybody.click(`a[href='/open${address}']`);
  await anybody.waitForSelector("#report-whole");
  await look(anybody, "a published report on a phone");
  assert.equal(await anybody.locator("main a[href*='/case/'], main a[href*='/dashboard']").count(), 0, "no cases there");
  const data = await anybody.request.get(`/open${address}/received.csv`);
  const counts = (await data.text()).trim().split("\r\n").slice(1).map((line) => line.split(",").at(-2));
  assert.ok(counts.length > 30 && counts.includes("") && counts.every((n) => n === "" || n === "0" || Number(n) >= 5), "none below five");
  const [first, second] = await Promise.all([0, 1].map(async () => (await anybody.request.get(`/open${address}/report.pdf`)).body()));
  assert.ok(first.length > 10_000 && first.equals(second), "the same paper");
});
