// A third-party evaluation: a leader orders it in the open, an evaluator judges a masked sample and reaches nothing else, the
// signed result stands beside what residents said.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, fits } from "../lib/look.js";
import { unique } from "./acts.js";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

const EVALUATOR = "黄传芳";
const day = (days) => {
  const local = new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000);
  return local.toISOString().slice(0, 10);
};

const looks = (page) => async (where) => {
  await clean(page, where);
  await fits(page, where);
  if (process.env.MUSTER_PICTURES) {
    const name = where.replaceAll(/[^a-z0-9]+/gi, "-");
    await page.screenshot({ path: `${process.env.MUSTER_PICTURES}/${name}-${page.viewportSize().width}.png`, fullPage: true });
  }
};

/** Orders a contract, closes its frame and draws; its id. */
async function orders(page, hand, look, title) {
  await page.goto("/rooms");
  await look("evaluations");
  await hand.press("a[href='/rooms/new']");
  await page.waitForSelector("#evaluators");
  await hand.choose("#area", "900100000000000");
  await hand.press("main form.stack-l button.main");
  await page.waitForSelector("#title-error");
  for (const field of ["title", "agency", "cases_until", "work_until", "questionnaire", "evaluators"]) {
    assert.ok(await page.isVisible(`#${field}-error`), `${field} is wanted`);
  }
  await look("a new contract, empty");
  await hand.write("#title", title);
  await hand.write("#agency", "湖东社会治理研究院");
  assert.equal(await page.inputValue("#area"), "900100000000000", "nothing chosen is lost");
  for (const [field, value] of [["cases_from", day(-29)], ["cases_until", day(-1)], ["work_from", day(0)], ["work_until", day(14)]]) {
    // A date is typed part by part in the order of the browser's language; what counts here is the value.
    await page.fill(`#${field}`, value);
  }
  await hand.write("#size", "4");
  await hand.write("#least", "1");
  await hand.choose("#by", "all");
  await hand.choose("#questionnaire", "half_year");
  await page.locator("label", { hasText: EVALUATOR }).locator("input").check();
  await hand.press("main form.stack-l button.main");
  await page.waitForSelector("form[action$='/frame']");
  const id = new URL(page.url()).pathname.split("/").pop();
  const commitment = await page.innerText("dd.hash");
  assert.match(commitment, /^[0-9a-f]{64}$/);
  await look("a contract, ordered");
  await hand.press("form[action$='/frame'] button");
  await page.waitForSelector("form[action$='/draw']");
  await look("a contract, frame closed");
  await hand.press("form[action$='/draw'] button");
  await page.waitForSelector("#progress");
  assert.equal(await page.innerText("dd.hash >> nth=0"), commitment, "the commitment is the one of the beginning");
  await look("a contract, drawn");
  await hand.press("a[href$='/redraw']");
  await page.waitForSelector(".notice.good");
  await look("drawn again, the same");
  return id;
}

/** What an evaluator may try by hand. */
async function reachesNothingElse(page, id, code) {
  const elsewhere = ["/inbox", "/dashboard", "/rooms", `/rooms/${id}`, `/rooms/${id}/result`, `/case/${code}`, "/hotspots", "/desk", "/admin", `/room/${id}/999`, "/rooms/calls", "/meetings", "/resources", "/board"];
  for (const path of elsewhere) {
    const answer = await page.goto(path);
    assert.ok([403, 404].includes(answer.status()), `${path}: ${answer.status()}`);
  }
  const api = await page.request.get(`/api/v1/cases/${code}`);
  assert.ok([401, 403, 404].includes(api.status()), `the API: ${api.status()}`);
  const sent = await page.request.post(`/case/${code}/reveal`, { form: { reason: "想看看是谁" } });
  assert.ok([401, 403, 404].includes(sent.status()), `a form sent by hand: ${sent.status()}`);
}

async function judges(page, hand, look, id, title) {
  assert.equal(new URL(page.url()).pathname, "/room", "an evaluator begins at the own contracts");
  assert.deepEqual(await page.locator("nav.nav a").evaluateAll((links) => links.map((link) => link.getAttribute("href"))).then((all) => all.sort()), ["/notices", "/room"], "no other door is shown");
  await look("own contracts");
  await page.locator("main h2 a", { hasText: title }).first().click();
  await page.waitForSelector(".numbers");
  await look("own sample");
  await hand.press("main header a.button.main");
  await page.waitForSelector("#q-solved");
  await look("a masked case");
  await hand.press("main form.card button.main");
  await page.waitForSelector("#q-solved-error");
  assert.ok(await page.locator(".summary").evaluate((summary) => summary === document.activeElement), "focus on the summary");
  await look("a masked case, not answered");
  for (let number = 1; number <= 4; number += 1) {
    const text = await page.innerText("main");
    for (const told of ["局", "街道办", "社区居民委员会", "13900"]) {
      const left = text.replaceAll(/局部|当局|布局|结局|格局|大局/g, "");
      assert.ok(!left.includes(told), `${told} in ${text}`);
    }
    await hand.pick(`input[name=solved][value=${number === 2 ? "no" : "yes"}]`);
    await hand.pick("input[name=shown][value=yes]");
    await hand.pick(`input[name=to_the_point][value='${number}']`);
    await hand.pick("input[name=in_time][value=cannot_tell]");
    await hand.pick(`input[name=as_resident][value='${number === 2 ? 2 : 5}']`);
    if (number === 1) await hand.write("#q-remark", "有时间有数量，看得清楚。");
    const here = page.url();
    await hand.press("main form.card button.main");
    await page.waitForURL((url) => url.href !== here);
  }
  await page.waitForSelector("#name");
  await look("a sample, ready to sign");
  await hand.write("#name", "别人");
  await hand.press("form[action$='/sign'] button");
  await page.waitForSelector("#name-error");
  const hash = await page.innerText("section[aria-labelledby=sign] p.hash");
  await hand.write("#name", EVALUATOR);
  await hand.press("form[action$='/sign'] button");
  await page.waitForSelector("#signed");
  assert.ok((await page.innerText("section[aria-labelledby=signed]")).includes(hash), "what was shown is what is signed");
  await look("a sample, signed");
  assert.equal((await page.goto(`/room/${id}/1`)).status(), 403, "signed cases are shown no more");
  return hash;
}

async function evaluation({ lang, hands }) {
  const title = `评价 ${unique().slice(0, 10)}`;
  const leader = await person(browser, { lang, ...DESK });
  const leaderHand = hands(leader);
  await signIn(leader, leaderHand, "leader");
  const id = await orders(leader, leaderHand, looks(leader), title);
  await leader.goto("/inbox?tab=all");
  const code = (await leader.getAttribute(".rows .row a[href^='/case/']", "href")).split("/").pop();

  const evaluator = await person(browser, { lang, ...DESK });
  const evaluatorHand = hands(evaluator);
  await signIn(evaluator, evaluatorHand, "evaluator");
  const hash = await judges(evaluator, evaluatorHand, looks(evaluator), id, title);
  await reachesNothingElse(evaluator, id, code);

  await leader.goto(`/rooms/${id}`);
  await leaderHand.press("a[href$='/result']");
  await leader.waitForSelector("#found");
  const result = await leader.innerText("main");
  assert.ok(result.includes(hash) && result.includes(EVALUATOR), "the signature stands under it");
  await looks(leader)("a result");
}

test("an evaluation from the contract to the signed result, in Chinese", async () => {
  await evaluation({ lang: "zh", hands: pointer });
});

test("an evaluation by keyboard only, in English", async () => {
  await evaluation({ lang: "en", hands: keyboard });
});

test("an evaluator on a phone, a leader on a phone, an operator who calls, and anybody who checks", async () => {
  const phone = await person(browser, PHONE);
  await signIn(phone, pointer(phone), "evaluator");
  const look = looks(phone);
  await look("phone, own contracts");
  const running = phone.locator("section:has(.tag.working) h2 a").last();
  await running.click();
  await phone.waitForSelector(".numbers");
  await look("phone, own sample");
  await phone.click("main header a.button.main");
  await phone.waitForSelector("#q-solved");
  await look("phone, a masked case");

  const leader = await person(browser, PHONE);
  await signIn(leader, pointer(leader), "leader");
  await leader.goto("/rooms");
  await looks(leader)("phone, evaluations");
  await leader.locator(".row", { hasText: "第一批" }).locator("a").click();
  await leader.waitForSelector("#progress");
  await looks(leader)("phone, a contract");
  const id = new URL(leader.url()).pathname.split("/").pop();
  for (const [path, where] of [["result", "a result"], ["redraw", "drawn again"]]) {
    await leader.goto(`/rooms/${id}/${path}`);
    await looks(leader)(`phone, ${where}`);
  }
  await leader.goto(`/rooms/new?like=${id}`);
  await looks(leader)("phone, a new contract like another");

  const anyone = await person(browser, PHONE);
  await anyone.goto(`/open/rooms/${id}`);
  await looks(anyone)("phone, published design");

  const operator = await person(browser, DESK);
  await signIn(operator, pointer(operator), "operator1");
  await operator.goto("/rooms/calls");
  await looks(operator)("calls");
});
