// Somebody joins on a phone, opens their own page, changes when they are free, pauses and goes on.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, NARROW, person, PHONE } from "../lib/browser.js";
import { pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { receipt } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const NEXT = "main form button.main";

async function walk(page, look) {
  const hand = pointer(page);
  await page.goto("/help/join");
  await look("joining");
  await hand.write("#name", "陈小雨");
  await hand.write("#phone", "12ab");
  await hand.choose("#area", "900102001002000");
  await hand.pick('input[name="skill"][value="company"]');
  await hand.pick('input[name="tick"][value="5-0"]');
  await hand.pick('input[name="consent"]');
  await hand.press(NEXT);
  await wrong(page, "phone");
  assert.ok(await page.isChecked('input[name="tick"][value="5-0"]'), "nothing ticked is lost");
  await look("joining, phone wrong");
  await hand.write("#phone", "13911112222");
  await hand.press(NEXT);
  const { code, secret } = await receipt(page);
  await look("the slip");

  await hand.press(`a[href="/help/me/${code}"]`);
  await hand.write("#secret", secret);
  await hand.press(NEXT);
  await page.waitForSelector("#change-title");
  await look("one's own page");
  await hand.pick('input[name="tick"][value="6-1"]');
  await hand.press(`form[action="/help/me/${code}"] button.main`);
  await page.waitForSelector(".notice.good");
  assert.ok(await page.isChecked('input[name="tick"][value="6-1"]'), "the change is kept");
  await hand.press('button[name="pause"][value="yes"]');
  await page.waitForSelector('button[name="pause"][value="no"]');
  await look("one's own page, paused");
  await hand.press('button[name="pause"][value="no"]');
  await page.waitForSelector('button[name="pause"][value="yes"]');
}

for (const [name, lang, screen] of [["phone, Chinese", "zh", PHONE], ["narrow phone, English", "en", NARROW]]) {
  test(`a volunteer joins, changes and pauses: ${name}`, async () => {
    const page = await person(browser, { lang, ...screen });
    await walk(page, async (what) => {
      await clean(page, what);
      await fits(page, what);
    });
  });
}
