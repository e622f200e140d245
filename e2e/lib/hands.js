// The two ways to work a page. A journey is written once and walked with either hand.
import assert from "node:assert/strict";

/** Pointer: taps and types. */
export function pointer(page) {
  return {
    press: (selector) => page.click(selector),
    write: (selector, text) => page.fill(selector, text),
    choose: (selector, value) => page.selectOption(selector, value),
    pick: (selector) => page.check(selector),
  };
}

/** Keyboard only: Tab to the control, see where the focus is at every stop, then Enter, Space, arrows and letters. */
export function keyboard(page) {
  const key = (name) => page.keyboard.press(name);

  async function to(selector) {
    for (let stops = 0; stops < MOST_STOPS; stops += 1) {
      const here = await page.evaluate(standing, selector);
      if (here.reached) return assert.deepEqual(here.faults, [], `focus on ${selector}`);
      await key("Tab");
      const { faults, name } = await page.evaluate(standing, selector);
      assert.deepEqual(faults, [], `focus on the way to ${selector}, at ${name}`);
    }
    return assert.fail(`${selector} is not reached with ${MOST_STOPS} tabs`);
  }

  return {
    async press(selector) {
      await to(selector);
      await key("Enter");
    },
    async write(selector, text) {
      await to(selector);
      await key("Control+A");
      await page.keyboard.type(text);
    },
    async choose(selector, value) {
      await to(selector);
      await key("Home");
      for (let steps = 0; steps < MOST_STOPS; steps += 1) {
        if ((await page.inputValue(selector)) === value) return;
        await key("ArrowDown");
      }
      assert.fail(`${selector} does not come to ${value} with arrows`);
    },
    async pick(selector) {
      const group = await page.getAttribute(selector, "name");
      await to(`input[name="${group}"]`);
      for (let steps = 0; steps < 10; steps += 1) {
        if (await page.locator(selector).evaluate((input) => input === document.activeElement)) break;
        await key("ArrowDown");
      }
      if (!(await page.isChecked(selector))) await key("Space");
      assert.ok(await page.isChecked(selector), `${selector} is picked with arrows`);
    },
  };
}

const MOST_STOPS = 150;

/** Runs in the page: where the focus is, and what a person could not see about it. */
function standing(selector) {
  const element = document.activeElement;
  const name = `${element.localName}#${element.id || element.className || element.textContent.trim().slice(0, 20)}`;
  if (!element || element === document.body) return { reached: false, faults: [], name: "body" };
  const faults = [];
  const style = getComputedStyle(element);
  if (style.outlineStyle === "none" || Number.parseFloat(style.outlineWidth) < 2) faults.push(`${name} has no ring`);
  const box = element.getBoundingClientRect();
  const seen = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth && box.width > 0;
  if (!seen) faults.push(`${name} is focused outside the view`);
  return { reached: element.matches(selector), faults, name };
}
