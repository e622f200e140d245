// An organisation is entered, asked from the board and says yes: a coordinator at a desk and on a phone, the organisation on a phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { pointer } from "../lib/hands.js";
import { clean, fits } from "../lib/look.js";
import { receipt, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const AREA = "900103001001000";
/** So many that only the organisation entered here has all of them. */
const SKILLS = ["errand", "company", "carrying", "cleaning", "phone_help", "tutoring", "haircut", "repair"];
const NEXT = "main form button.main";

async function look(page, what) {
  await clean(page, what);
  await fits(page, what);
}

/** The organisation's number and secret. */
async function entered(desk, hand, name) {
  await desk.goto("/resources");
  await desk.click("main details > summary");
  const form = 'form[action="/resources"][method="post"]';
  await hand.choose("#kind-new", "organisation");
  await hand.write("#name", name);
  await desk.locator(`${form} #area`).selectOption(AREA);
  for (const skill of SKILLS) await desk.check(`${form} input[name="skill"][value="${skill}"]`);
  for (const day of [0, 1, 2, 3, 4, 5, 6]) for (const part of [0, 1, 2]) await desk.check(`${form} input[name="tick"][value="${day}-${part}"]`);
  await hand.write("#reach", "10");
  await hand.write("#capacity", "20");
  await hand.write("#at_once", "5");
  await hand.press(`${form} button.main`);
  await desk.waitForSelector(".slip .code-big");
  const secret = (await desk.locator(".slip .code-big span").allTextContents()).join("");
  await look(desk, "an organisation was entered");
  await desk.goto(`/resources?kind=organisation&area=${AREA}`);
  const href = await desk.locator(`main h3 a:text-is("${name}")`).getAttribute("href");
  return { code: href.split("/").pop(), secret };
}

async function walk(lang) {
  const name = `松坪互助社${unique()}`;
  const title = `上门帮忙${unique()}`;
  const desk = await person(browser, { lang, ...DESK });
  const hand = pointer(desk);
  await signIn(desk, hand, "coordinator");
  const keys = await entered(desk, hand, name);

  await desk.goto("/needs/new");
  await hand.choose("#area", AREA);
  await hand.write("#title", title);
  for (const skill of SKILLS) await hand.pick(`input[name="skill"][value="${skill}"]`);
  await hand.write("#risk_text", "没有");
  await hand.write("#name", "罗玉梅");
  await hand.write("#phone", "13900004444");
  await hand.write("#address", "松坪村 18 号");
  await hand.press(NEXT);
  await receipt(desk);

  await desk.goto("/board");
  await look(desk, "the board");
  const row = desk.locator(".board-need", { hasText: title });
  assert.ok((await row.textContent()).includes(name), "the one who can is proposed");
  await row.locator("a", { hasText: lang === "zh" ? "不用" : "Not them" }).click();
  await desk.waitForSelector("#what-if");
  await look(desk, "what if not");
  const without = desk.locator(".board-need", { hasText: title });
  assert.ok(!(await without.textContent()).includes(name), "left out when asked");

  const phone = await person(browser, { lang, ...PHONE });
  await signIn(phone, pointer(phone), "coordinator");
  await phone.goto("/board");
  await look(phone, "the board on a phone");
  await phone.locator(".board-need", { hasText: title }).locator("button").click();
  await phone.waitForSelector(".notice.good");
  await look(phone, "invited from the board");

  const own = await person(browser, { lang, ...PHONE });
  await own.goto(`/help/me/${keys.code}`);
  await pointer(own).write("#secret", keys.secret);
  await pointer(own).press(NEXT);
  await own.waitForSelector("button[name='answer'][value='yes']");
  await look(own, "an organisation is asked");
  await own.click("button[name='answer'][value='yes']");
  await own.waitForSelector("text=松坪村 18 号");
  await look(own, "an organisation said yes");
}

for (const lang of ["zh", "en"]) test(`an organisation is asked from the board: ${lang}`, () => walk(lang));
