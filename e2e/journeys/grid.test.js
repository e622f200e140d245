// A grid worker writes down what they see where there is no network: the phone keeps it and sends it once, later.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DESK, launch, person, PHONE, signIn } from "../lib/browser.js";
import { keyboard, pointer } from "../lib/hands.js";
import { clean, elder, fits } from "../lib/look.js";
import { wire } from "../lib/wire.js";
import { receipt, unique } from "./acts.js";

let browser;
let operator;
before(async () => {
  browser = await launch();
  operator = await person(browser, DESK);
  await signIn(operator, pointer(operator), "operator1");
});
after(() => browser?.close());

const WORKER = "grid-liugangli-1";
const SEND = "form button.main";
const WAITING = "[data-queue] li";
const SENT = "[data-sent-list] li";

/** A phone on a wire of its own, signed in, with the page kept. */
async function onTheWay(hand, options, login = WORKER) {
  const line = await wire(process.env.MUSTER_ADDRESS);
  const page = await person(browser, { ...PHONE, ...options, baseURL: line.address });
  const hold = hand(page);
  await signIn(page, hold, login);
  assert.equal(new URL(page.url()).pathname, "/grid", "a grid worker begins at the form");
  await kept(page);
  const network = {
    async cut() {
      line.cut();
      await page.context().setOffline(true);
    },
    async mend() {
      line.mend();
      await page.context().setOffline(false);
    },
  };
  return { page, hold, line, network };
}

const kept = (page) => page.waitForSelector("[data-ready]:not([hidden])");
const waiting = (page, n) => page.waitForFunction(([list, n]) => document.querySelectorAll(list).length === n, [WAITING, n]);
const sent = (page, n) => page.waitForFunction(([list, n]) => document.querySelectorAll(list).length === n, [SENT, n]);
const look = async (page, where) => {
  await clean(page, where);
  await fits(page, where);
};

/** There is one case with this word, and one report in it. */
async function once(word) {
  await operator.goto(`/inbox?tab=all&q=${word}`);
  assert.equal(await operator.locator(".row").count(), 1, `one case says ${word}`);
  const row = await operator.locator(".row").innerText();
  assert.ok(!row.includes("人反映"), `and it was told once: ${row}`);
}

async function write(hold, text, place = "") {
  await hold.write("#text", text);
  await hold.write("#place", place);
}

test("what is written without a network is changed, kept over a reload, and sent once", async () => {
  const { page, hold, line, network } = await onTheWay(pointer);
  await look(page, "grid, ready");
  const [first, second, third] = [unique(), unique(), unique()];

  await network.cut();
  await page.reload();
  await page.waitForSelector("#text");
  assert.ok(await page.isVisible(SEND), "the page opens without a network");
  await look(page, "grid, offline");
  assert.equal(await page.inputValue("#area"), "900102001001001", "the own area is chosen");
  await hold.press(SEND);
  await page.waitForSelector("#text-error");
  await look(page, "grid, nothing written");

  await write(hold, `四号楼东侧的井盖松动，踩上去会翘。${first}`, "四号楼东侧");
  await hold.press(SEND);
  await waiting(page, 1);
  assert.equal(await page.inputValue("#text"), "", "ready for the next");
  await write(hold, `南门的健身器材螺丝掉了。${second}`, "南门");
  await hold.press(SEND);
  await waiting(page, 2);
  assert.match(await page.innerText("#queue-title"), /^2 /);
  await look(page, "grid, two waiting");

  await write(hold, `写到一半：宣传栏玻璃碎了。${third}`);
  await page.reload();
  await waiting(page, 2);
  assert.ok((await page.inputValue("#text")).includes(third), "what was being typed is still there");

  await hold.press(`${WAITING}:first-child [data-act=edit]`);
  await page.waitForFunction((word) => document.querySelector("#text").value.includes(word), first);
  await waiting(page, 2);
  assert.ok((await page.innerText(WAITING + ":last-child")).includes(third), "the half-written one is put aside");
  await hold.write("#place", "四号楼东侧，靠近车棚");
  await hold.press(SEND);
  await waiting(page, 3);
  await look(page, "grid, one changed, one put aside");

  await network.mend();
  await sent(page, 2);
  await waiting(page, 1);
  await look(page, "grid, two sent");
  const code = (await page.innerText(`${SENT}:first-child .code-big`)).replace(/\s/g, "");
  await page.reload();
  await kept(page);
  await waiting(page, 1);
  await once(first);
  await once(second);
  await operator.goto(`/case/${code}`);
  assert.ok((await operator.innerText("main")).includes("靠近车棚"), "as it was changed");
  await operator.goto(`/inbox?tab=all&q=${third}`);
  assert.equal(await operator.locator(".row").count(), 0, "what was put aside is not sent");
  line.close();
});

/** A picture of coloured squares, made in the page: large enough to have to be made smaller. */
async function picture(page, side) {
  const base64 = await page.evaluate((side) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side / 2 });
    const brush = canvas.getContext("2d");
    for (let x = 0; x < side; x += 10) {
      for (let y = 0; y < side / 2; y += 10) {
        brush.fillStyle = `hsl(${(x * 7 + y * 13) % 360} 80% 50%)`;
        brush.fillRect(x, y, 10, 10);
      }
    }
    return canvas.toDataURL("image/png").split(",")[1];
  }, side);
  return Buffer.from(base64, "base64");
}

test("photos taken without a network are made small, kept, sent once, and opened on the record", async () => {
  const { page, hold, line, network } = await onTheWay(pointer, {}, "grid-liugangli-2");
  const word = unique();
  const large = { name: "IMG_1.png", mimeType: "image/png", buffer: await picture(page, 2400) };
  const little = { name: "IMG_2.png", mimeType: "image/png", buffer: await picture(page, 200) };
  const chosen = (n) => page.waitForFunction((n) => document.querySelectorAll("[data-photos-chosen] li").length === n, n);
  await network.cut();
  await page.reload();
  await page.waitForSelector("#text");
  await write(hold, `垃圾房的门关不上，味道很大。${word}`, "垃圾房");
  await page.setInputFiles("#photo", [large]);
  await chosen(1);
  await page.setInputFiles("#photo", [little, { name: "notes.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") }]);
  await chosen(3);
  await look(page, "grid, photos chosen");
  await hold.press("[data-photos-chosen] li:last-child button");
  await chosen(2);
  await hold.press(SEND);
  await waiting(page, 1);
  await chosen(0);
  assert.match(await page.innerText(`${WAITING} [data-photo-count]`), /2/);
  const sizes = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const asked = indexedDB.open("muster-grid", 1);
        asked.onsuccess = () => {
          const all = asked.result.transaction("reports").objectStore("reports").getAll();
          all.onsuccess = () => resolve(all.result.filter((r) => r.state === "waiting").flatMap((r) => r.photos.map((p) => p.size)));
        };
      }),
  );
  assert.equal(sizes.length, 2);
  assert.ok(sizes.every((size) => size > 0 && size <= 300_000), `small before they wait: ${sizes}`);

  await page.reload();
  await waiting(page, 1);
  await hold.press(`${WAITING} [data-act=edit]`);
  await chosen(2);
  await look(page, "grid, photos put back");
  await hold.press(SEND);
  await waiting(page, 1);
  await network.mend();
  await sent(page, 1);
  await waiting(page, 0);
  await once(word);

  const code = (await page.innerText(`${SENT}:first-child .code-big`)).replace(/\s/g, "");
  await operator.goto(`/case/${code}`);
  assert.equal(await operator.locator("main img").count(), 0, "nobody sees them unasked");
  await look(operator, "case, photos closed");
  await pointer(operator).press(".photos li:first-child button");
  await operator.waitForSelector(".photos img.photo");
  const width = await operator.locator(".photos img.photo").evaluate((img) => img.decode().then(() => img.naturalWidth));
  assert.ok(width > 800 && width <= 1600, `as it was made small: ${width}`);
  await look(operator, "case, a photo opened");
  line.close();
});

test("a receipt that is lost on the way does not make a second case", async () => {
  const { page, hold, line, network } = await onTheWay(pointer, {}, "grid-liugangli-2");
  const word = unique();
  line.loseAnswers();
  await write(hold, `车库入口的减速带断成两截。${word}`, "地下车库");
  await hold.press(SEND);
  await page.waitForSelector('[data-state][data-word="offline"]');
  await waiting(page, 1);
  await once(word);
  await network.mend();
  await page.reload();
  await sent(page, 1);
  await waiting(page, 0);
  await once(word);
  line.close();
});

test("a refusal stands beside its report, by keyboard only, in English", async () => {
  const { page, hold, line, network } = await onTheWay(keyboard, { lang: "en", ...DESK, isMobile: false, hasTouch: false });
  const word = unique();
  await network.cut();
  await hold.write("#text", "x");
  await hold.write("#phone", "call me");
  await hold.press(SEND);
  await waiting(page, 1);
  await write(hold, "Written by mistake, to be removed.");
  await hold.press(SEND);
  await waiting(page, 2);
  const remove = `${WAITING}:last-child [data-act=remove]`;
  await hold.press(remove);
  await hold.press(remove);
  await waiting(page, 1);
  assert.equal(await page.evaluate(() => document.activeElement.id), "queue-title", "the focus stays in the list");

  await network.mend();
  await page.waitForSelector(`${WAITING} .tag.refused`);
  assert.equal(await page.locator(`${WAITING} .error`).count(), 2, "both faults are named");
  await look(page, "grid, refused");
  await hold.press(`${WAITING} [data-act=edit]`);
  await page.waitForSelector("#phone-error");
  assert.equal(await page.inputValue("#text"), "x", "nothing typed is lost");
  await look(page, "grid, refused one opened");
  await hold.write("#text", `The manhole cover by block four is loose. ${word}`);
  await hold.write("#phone", "13900004567");
  await hold.press(SEND);
  await sent(page, 1);
  await waiting(page, 0);
  await once(word);
  line.close();
});

test("whoever has to sign in again loses nothing", async () => {
  const { page, hold, line } = await onTheWay(pointer, {}, "grid-laochuanchang-1");
  const word = unique();
  await page.context().clearCookies();
  await write(hold, `活动室的窗户关不上，下雨会漏。${word}`, "活动室");
  await hold.press(SEND);
  await page.waitForSelector("[data-sign-in]:not([hidden])");
  await waiting(page, 1);
  await look(page, "grid, session ended");
  await hold.press("[data-sign-in] a");
  await page.waitForSelector("#login");
  await signIn(page, hold, "grid-laochuanchang-2");
  await page.waitForSelector("[data-others]:not([hidden])");
  assert.equal(await page.locator(WAITING).count(), 0, "another person's reports are neither shown nor sent");
  await look(page, "grid, of somebody else");
  await page.context().clearCookies();
  await signIn(page, hold, "grid-laochuanchang-1");
  await sent(page, 1);
  await once(word);
  line.close();
});

test("the form is large for those who need it large, and works without scripts", async () => {
  const large = await person(browser, PHONE);
  await signIn(large, pointer(large), WORKER);
  await large.click('button[name="elder"][value="20"]');
  await large.waitForSelector("html[data-elder]");
  await write(pointer(large), `楼道里的扶手松了。${unique()}`);
  await large.click(SEND);
  await sent(large, 1);
  await elder(large, 20, "grid, elder");
  await look(large, "grid, elder");

  const plain = await person(browser, { ...PHONE, javaScriptEnabled: false });
  const word = unique();
  await signIn(plain, pointer(plain), WORKER);
  await write(pointer(plain), `楼顶的广告布被风吹开了。${word}`);
  await plain.click(SEND);
  await receipt(plain);
  await once(word);
});
