// Starts Debian's Chromium and opens pages of the running demo, as a phone or a desk would.
import { chromium } from "playwright-core";

const ADDRESS = process.env.MUSTER_ADDRESS;
// Printed by `muster demo` at its start.
const PASSWORD = "muster-demo-2026";
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
export const NARROW = { ...PHONE, viewport: { width: 320, height: 640 } };
export const DESK = { viewport: { width: 1366, height: 768 } };

export async function launch() {
  if (!ADDRESS) throw new Error("MUSTER_ADDRESS is not set; run scripts/browser");
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

/** A page of a new person, without anyone's cookies. `lang` is zh or en; the rest are Playwright's options. */
export async function person(browser, { lang = "zh", ...options } = {}) {
  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const context = await browser.newContext({ baseURL: ADDRESS, locale, timezoneId: "Asia/Shanghai", ...options });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

/** Signs in with the given hand; see hands.js. */
export async function signIn(page, hand, login) {
  await page.goto("/login");
  await hand.write("#login", login);
  await hand.write("#password", PASSWORD);
  await hand.press("main button[type=submit]");
  await page.waitForURL((url) => url.pathname !== "/login");
}
