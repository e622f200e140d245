// Lists are live: what a resident sends appears on every open desk, without a reload.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { pointer } from "../lib/hands.js";
import { clean } from "../lib/look.js";
import { report, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

async function desk(login, address) {
  const page = await person(browser, DESK);
  await signIn(page, pointer(page), login);
  await page.goto(address);
  const { liveWord } = await page.locator("[data-live]").evaluate((hint) => ({ ...hint.dataset }));
  await page.waitForFunction((word) => document.querySelector("[data-live]").textContent === word, liveWord);
  return page;
}

test("a report appears in two inboxes as it arrives", async () => {
  const word = unique();
  const text = `滨河步道的木板翘起来了，推婴儿车过不去。${word}`;
  const address = `/inbox?tab=all&q=${word}`;
  const desks = [await desk("operator1", address), await desk("coordinator", address)];
  for (const page of desks) {
    assert.equal(await page.locator(".row").count(), 0, "nothing yet");
    await page.evaluate(() => (window.here = true));
  }
  const resident = await person(browser, PHONE);
  await report(resident, pointer(resident), { text, area: "900102001002000", place: "滨河步道" });
  for (const page of desks) {
    await page.waitForSelector(".row a");
    assert.ok(await page.evaluate(() => window.here), "the page was not loaded again");
    await clean(page, "inbox after a live change");
  }
});
