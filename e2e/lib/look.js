// What is looked at on every page a journey passes.
import assert from "node:assert/strict";
import AxeBuilder from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** axe finds nothing on the page as it stands now. */
export async function clean(page, where) {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
  const found = violations.map(({ id, help, nodes }) => `${id} (${help}): ${nodes.map((node) => node.target).join(", ")}`);
  assert.deepEqual(found, [], `${where}: ${page.url()}`);
}

/** The error stands at its field, is announced on top, and the focus is brought there. */
export async function wrong(page, field) {
  await page.waitForSelector(`#${field}-error`);
  assert.equal(await page.getAttribute(`#${field}`, "aria-invalid"), "true", `${field} is marked invalid`);
  const described = await page.getAttribute(`#${field}`, "aria-describedby");
  assert.ok(described.split(" ").includes(`${field}-error`), `${field} is described by its error`);
  assert.ok(await page.isVisible(`.summary a[href="#${field}"]`), `the summary leads to ${field}`);
  assert.ok(await page.locator(".summary").evaluate((summary) => summary === document.activeElement), "focus on the summary");
}

/** Nothing has to be scrolled sideways. */
export async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const out = [...document.body.querySelectorAll("*")].filter((e) => {
      const box = e.getBoundingClientRect();
      return box.width > 0 && box.right > width + 1 && !e.closest(".table-box, .hidden, datalist");
    });
    const scrolls = document.documentElement.scrollWidth > width;
    return { scrolls, out: out.map((e) => `${e.localName}.${e.className}`) };
  });
  assert.deepEqual(wide, { scrolls: false, out: [] }, `${where}: wider than the screen`);
}

/** 工信部 2021, 长辈版: what is pressed is at least 60 × 60, what is read at least 18 px, and body text as chosen. */
export async function elder(page, size, where) {
  const found = await page.evaluate(() => {
    const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".hidden");
    const label = (e) => `${e.localName} ${(e.textContent || e.name || "").trim().slice(0, 20)}`;
    const pressed = [...document.querySelectorAll("a, button, summary, select, textarea, label.choice, input:not([type=hidden])")];
    const small = pressed
      .filter((e) => shown(e) && !e.matches(".skip, .choice input") && !e.closest(".said"))
      .map((e) => [label(e), e.getBoundingClientRect()])
      .filter(([, box]) => box.height < 59.5 || box.width < 59.5)
      .map(([name, box]) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`);
    const tiny = [...document.querySelectorAll("body *")]
      .filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()))
      .filter((e) => !e.matches("option, script") && Number.parseFloat(getComputedStyle(e).fontSize) < 18)
      .map((e) => `${label(e)}: ${getComputedStyle(e).fontSize}`);
    return { small, tiny, body: getComputedStyle(document.body).fontSize };
  });
  assert.deepEqual(found, { small: [], tiny: [], body: `${size}px` }, where);
}
