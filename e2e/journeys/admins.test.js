// The security administrator makes an account; the audit administrator sees that it was made, and by whom.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const CREATE = 'form[action="/admin/accounts"] button.main';

async function make(page, hand, look) {
  await signIn(page, hand, "security-admin");
  assert.equal(new URL(page.url()).pathname, "/admin", "a security administrator begins at the accounts");
  await look("accounts");
  const login = `grid-${unique().slice(0, 12)}`;
  await hand.write("#login", login);
  await hand.write("#name", "方晓敏");
  await hand.write("#password", "short");
  await hand.choose("#role", "operator");
  await hand.choose("#area", "900102000000000");
  await hand.press(CREATE);
  await wrong(page, "password");
  await look("accounts, password too short");
  assert.equal(await page.inputValue("#login"), login, "the login is kept");
  assert.equal(await page.inputValue("#role"), "operator", "the role is kept");
  await hand.write("#password", "a long sentence nobody guesses");
  await hand.press(CREATE);
  await page.waitForSelector(`h2 small:text-is("${login}")`);
  await look("accounts, made");
}

async function audit(page, hand, look) {
  await signIn(page, hand, "audit-admin");
  assert.equal(new URL(page.url()).pathname, "/admin/audit", "an audit administrator begins at the record");
  await look("audit");
  assert.ok((await page.innerText("tbody")).includes("security-admin"), "who did it is named");
  await hand.write("#q", "nothing of this name");
  await hand.press(".filters button");
  await page.waitForSelector(".empty");
  await look("audit, nothing found");
}

test("an account is made and the making is on the record, on a phone", async () => {
  const look = (page) => async (where) => {
    await clean(page, where);
    await fits(page, where);
  };
  for (const walk of [make, audit]) {
    const page = await person(browser, PHONE);
    await walk(page, pointer(page), look(page));
  }
});

test("an account is made and the making is on the record, by keyboard only, in English", async () => {
  for (const walk of [make, audit]) {
    const page = await person(browser, { lang: "en", ...DESK });
    await walk(page, keyboard(page), (where) => clean(page, where));
  }
});
