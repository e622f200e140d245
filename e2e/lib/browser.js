// Starts Debian's Chromium and opens pages of the running demo, as a phone or a desk would.
import { chromium } from "playwright-core";

export const ADDRESS = process.env.MUSTER_ADDRESS;
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
export const NARROW = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };
export const DESK = { viewport: { width: 1366, height: 768 } };

export async function launch() {
  if (!ADDRESS) throw new Error("MUSTER_ADDRESS is not set; run scripts/browser");
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
}

/** A page of a person of its own: no cookies of others. `options` are Playwright's; `lang` is zh or en. */
export async function person(browser, { lang = "zh", ...options } = {}) {
  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const context = await browser.newContext({ baseURL: ADDRESS, locale, timezoneId: "Asia/Shanghai", ...options });
  context.setDefaultTimeout(15_000);
  return context.newPage();
}

export async function signIn(page, login) {
  await page.goto("/login");
  await page.fill("#login", login);
  await page.fill("#password", PASSWORD);
  await page.click("main button[type=submit]");
  await page.waitForURL((url) => url.pathname !== "/login");
}

export { PASSWORD };
