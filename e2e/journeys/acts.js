// Acts that several journeys begin with.
import assert from "node:assert/strict";

const NEXT = "main form button.main";

/** A word nobody has said before; letters only, since digits may look like a telephone number and be hidden. */
export const unique = () => crypto.randomUUID().replaceAll("-", "").replace(/\d/g, (digit) => "ghijklmnop"[digit]);

/** First screen to receipt, without a slip; returns what the receipt says. */
export async function report(page, hand, { text, area, place }) {
  await page.goto("/");
  await hand.write("#text", text);
  await hand.choose("#area", area);
  await hand.write("#place", place);
  await hand.press(NEXT);
  await page.waitForSelector("#phone");
  await hand.press(NEXT);
  await page.waitForSelector(".answer");
  await hand.press(NEXT);
  return receipt(page);
}

/** Code and secret as printed, groups joined. */
export async function receipt(page) {
  await page.waitForSelector(".slip .code-big");
  const parts = await page.locator(".slip .code-big").evaluateAll((lines) =>
    lines.map((line) => [...line.querySelectorAll("span")].map((part) => part.textContent).join("")),
  );
  const [code, secret] = parts;
  assert.match(code, /^[0-9A-Z]{13}$/, "a code of 13 characters");
  assert.match(secret, /^[0-9A-Z]{8}$/, "a secret of 8 characters");
  return { code, secret };
}

/** Opens a case by code and secret. */
export async function track(page, hand, { code, secret }) {
  await page.goto("/track");
  await hand.write("#code", code);
  await hand.write("#secret", secret);
  await hand.press(NEXT);
  await page.waitForSelector(".timeline");
}
