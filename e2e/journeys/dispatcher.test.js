// A need from a case, invitations, a no, a yes, an arrival, confirmed hours: a coordinator at a desk, two volunteers and the one helped on
// their phones.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { pointer } from "../lib/hands.js";
import { clean, fits, wrong } from "../lib/look.js";
import { receipt, report, unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const AREA = "900102001001000";
const ADDRESS = "北区七号楼二单元四零一";
/** So many that only those who join here have all of them. */
const SKILLS = ["tutoring", "sign_language", "mediation", "haircut", "repair"];
const NEXT = "main form button.main";

async function joins(lang, look) {
  const page = await person(browser, { lang, ...PHONE });
  const hand = pointer(page);
  await page.goto("/help/join");
  await hand.write("#name", "陈小雨");
  await hand.write("#phone", "13911112222");
  await page.check('input[name="age"][value="adult"]');
  await hand.choose("#area", AREA);
  for (const skill of SKILLS) await hand.pick(`input[name="skill"][value="${skill}"]`);
  for (const day of [0, 1, 2, 3, 4, 5, 6]) for (const part of [0, 1, 2]) await page.check(`input[name="tick"][value="${day}-${part}"]`);
  await hand.pick('input[name="consent"]');
  await hand.press(NEXT);
  const keys = await receipt(page);
  const open = async () => {
    await page.goto(`/help/me/${keys.code}`);
    await hand.write("#secret", keys.secret);
    await hand.press(NEXT);
    await page.waitForSelector("#change-title");
  };
  return { page, hand, open, look, ...keys };
}

async function walk(lang) {
  const look = async (page, what) => {
    await clean(page, what);
    await fits(page, what);
  };
  const both = [await joins(lang, look), await joins(lang, look)];
  const resident = await person(browser, { lang, ...PHONE });
  const told = await report(resident, pointer(resident), { text: `楼道的灯坏了，老人看不见。${unique()}`, area: AREA, place: "北区" });

  const desk = await person(browser, { lang, ...DESK });
  const hand = pointer(desk);
  await signIn(desk, hand, "coordinator");
  await desk.goto(`/needs/new?case=${told.code}`);
  await look(desk, "asking for help");
  await hand.write("#title", "陪老人说说话");
  for (const skill of SKILLS) await hand.pick(`input[name="skill"][value="${skill}"]`);
  await hand.press(NEXT);
  await wrong(desk, "risk_text");
  await look(desk, "asking for help, without the risk");
  await hand.write("#risk_text", "没有");
  await hand.write("#name", "陈秀兰");
  await hand.write("#phone", "13900003333");
  await hand.write("#address", ADDRESS);
  await hand.press(NEXT);
  const need = await receipt(desk);
  await look(desk, "the slip of a need");
  await hand.press(`a[href="/needs/${need.code}"]`);
  await look(desk, "whom to invite");
  await hand.press(`form:has(input[value="${both[0].code}"]) button`);
  await desk.waitForSelector("[id^='offer-']");
  await look(desk, "one was invited");

  const [no, yes] = both;
  await no.open();
  assert.ok(!(await no.page.content()).includes(ADDRESS), "nobody hears before a yes where it is");
  await look(no.page, "being asked");
  await no.hand.press("button[name='answer'][value='no']");
  await no.page.waitForSelector(".notice.good");
  await yes.open();
  await yes.hand.press("button[name='answer'][value='yes']");
  await yes.page.waitForSelector(`text=${ADDRESS}`);
  await look(yes.page, "after a yes");
  await desk.reload();
  await look(desk, "one said no, one said yes");

  await resident.goto(`/serve/${need.code}`);
  await pointer(resident).write("#secret", need.secret);
  await pointer(resident).press(NEXT);
  await resident.waitForSelector("[id^='helper-']");
  await look(resident, "who comes");
  await desk.goto("/help");
  await look(desk, "what is wanted");
  assert.ok(!(await desk.content()).includes(ADDRESS));
}

for (const lang of ["zh", "en"]) test(`a need finds its helper: ${lang}`, () => walk(lang));
