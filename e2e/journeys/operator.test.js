// An operator takes calls at the desk: who calls, what they told before, what they say now.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { receipt } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const SEND = 'main button.main:not([formaction])';
const LOOKUP = 'button[formaction="/desk/lookup"]';

/** Two calls of one number: the second time the first is found, opened, and says for whom it was. */
async function calls(page, hand, { phone, name, behalf, first, second }, look) {
  await signIn(page, hand, "operator1");
  assert.equal(new URL(page.url()).pathname, "/desk", "an operator begins at the desk");
  await look("desk");
  await hand.write("#phone", "1390");
  await hand.press(LOOKUP);
  await wrong(page, "phone");
  await look("desk, number too short");
  await hand.write("#phone", phone);
  await hand.press(LOOKUP);
  await page.waitForSelector("#earlier-title");
  assert.equal(await page.locator("#earlier-title ~ ul li").count(), 0, "a number nobody has called from");
  await look("desk, nobody known");

  await hand.write("#name", name);
  await hand.write("#behalf", behalf);
  await hand.press(SEND);
  await wrong(page, "text");
  await look("desk, nothing said");
  for (const [field, typed] of [["phone", phone], ["name", name], ["behalf", behalf]]) {
    assert.equal(await page.inputValue(`#${field}`), typed, `${field} is kept`);
  }
  await hand.write("#text", first.text);
  await hand.write("#area", first.area);
  await hand.write("#place", first.place);
  for (const open of [() => page.reload(), () => page.goto("/desk")]) {
    await open();
    await page.waitForSelector("[data-keep-note]:not([hidden])");
    for (const [field, typed] of [["text", first.text], ["area", first.area], ["place", first.place], ["phone", phone]]) {
      assert.equal(await page.inputValue(`#${field}`), typed, `${field} is there after a reload`);
    }
  }
  await look("desk, after a reload");
  await hand.pick('input[name="channel"][value="station"]');
  await hand.press(SEND);
  const { code } = await receipt(page);
  await look("desk, taken");
  assert.equal(await page.inputValue("#text"), "", "the desk is clear for the next call");
  await page.goto("/desk");
  assert.equal(await page.inputValue("#text"), "", "and nothing of the last one is kept");

  await hand.write("#phone", phone.replace(/(\d{3})(\d{4})/, "$1 $2 "));
  await hand.press(LOOKUP);
  const earlier = "#earlier-title ~ ul a";
  await page.waitForSelector(earlier);
  await look("desk, caller known");
  assert.equal(await page.locator(earlier).count(), 1, "the first call is found");
  await hand.write("#text", second.text);
  await hand.write("#area", second.area);
  await hand.press(SEND);
  const other = await receipt(page);
  assert.notEqual(other.code, code, "another matter has a code of its own");

  await hand.write("#phone", phone);
  await hand.press(LOOKUP);
  await page.waitForSelector(earlier);
  assert.equal(await page.locator(earlier).count(), 2, "both calls are found");
  await hand.press(`${earlier}[href*="${code.slice(0, 4)}"]`);
  await page.waitForSelector("#reporter-title");
  await look("the case");
  const beside = await page.innerText("aside");
  assert.ok(!beside.includes(name) && !beside.includes(phone), "who called is hidden");

  await hand.press("aside section:last-child summary");
  await hand.press("aside section:last-child button");
  await page.waitForSelector("#reveal-reason-error");
  await look("the case, no reason given");
  await hand.write("#reveal-reason", "回拨核实地址 / to confirm the place");
  await hand.press("aside section:last-child button");
  await page.waitForSelector("aside .notice");
  await look("the case, caller shown");
  assert.ok((await page.innerText("aside")).includes(name), "the name is shown to whoever said why");
}

test("an operator takes two calls from one number, in Chinese", async () => {
  const page = await person(browser, DESK);
  const call = {
    phone: "13900002345",
    name: "李建国",
    behalf: "他母亲",
    first: { text: "三单元楼道的声控灯不亮，老人晚上上楼摔过一次。", area: "北闸口社区", place: "北闸路 8 号" },
    second: { text: "菜场后门的下水道返水，臭味很大。", area: "纺机社区" },
  };
  await calls(page, pointer(page), call, async (where) => {
    await clean(page, where);
    await fits(page, where);
  });
});

test("an operator takes two calls by keyboard only, in English", async () => {
  const page = await person(browser, { lang: "en", ...DESK });
  const call = {
    phone: "13900003456",
    name: "Anna Berg",
    behalf: "her neighbour",
    first: { text: "The zebra crossing in front of the school is worn away, cars do not stop.", area: "柳港里社区", place: "School gate" },
    second: { text: "The noise of the karaoke bar goes on until three at night.", area: "杏林苑社区" },
  };
  await calls(page, keyboard(page), call, (where) => clean(page, where));
});

test("from the first word to the unit in charge without a mouse", async () => {
  const page = await person(browser, DESK);
  const hand = keyboard(page);
  await signIn(page, hand, "operator1");
  await hand.write("#phone", "13900005678");
  // Word for word: strange letters after it would change how sure sensing is, and this must wait for a person.
  await hand.write("#text", "他们说好的事情到现在没有人管，问了几次都说再等等。");
  await hand.write("#area", "北闸口");
  await hand.press('button[formaction="/desk/alike"]');
  await page.waitForURL((url) => url.pathname === "/desk/alike");
  assert.match(await page.inputValue("#area"), /北闸口社区$/, "a few letters find the area");
  await hand.press(SEND);
  const { code } = await receipt(page);
  await clean(page, "desk, waiting for a class");
  await hand.press(".slip a.reach");
  await page.waitForSelector("[data-keys]:not([hidden])");
  assert.ok(new URL(page.url()).search.includes(code), "the case just taken");
  await page.keyboard.press("1");
  await page.waitForURL((url) => url.pathname === "/triage" && !url.search.includes(code));
  await page.goto(`/case/${code}`);
  assert.ok(await page.isVisible(".tag.assigned"), "the case is with a unit");
});
