// The list by keyboard, and what is chosen of it. j and k go down and up, x chooses, a chooses the whole page, / searches;
// Enter opens, as on any link. Single keys can be switched off (WCAG 2.1.4), and never act while somebody types.
const STORE = "muster-inbox-keys";
const form = document.querySelector("form#chosen");
const ticks = () => [...document.querySelectorAll('input[name="case"][form="chosen"]')];

if (form) {
  const all = form.querySelector("[data-all]");
  const count = form.querySelector("[data-count]");
  const box = all.querySelector("input");
  all.hidden = false;
  const tell = () => {
    const rows = ticks();
    const chosen = rows.filter((tick) => tick.checked).length;
    count.textContent = chosen ? count.dataset.word.replace("0", chosen) : "";
    box.checked = chosen > 0 && chosen === rows.length;
    box.indeterminate = chosen > 0 && chosen < rows.length;
  };
  box.addEventListener("change", () => {
    for (const tick of ticks()) tick.checked = box.checked;
    tell();
  });
  document.addEventListener("change", tell);
  document.addEventListener("muster:renewed", tell);
  tell();
}

const links = () => [...document.querySelectorAll(".rows .row h2 a")];
const row = () => document.activeElement?.closest(".row");

function step(by) {
  const list = links();
  const here = list.findIndex((link) => link.closest(".row") === row());
  const next = list[here < 0 ? (by > 0 ? 0 : list.length - 1) : here + by];
  next?.focus();
  next?.closest(".row").scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  x: () => row()?.querySelector('input[name="case"]')?.click(),
  a: () => form?.querySelector("[data-all] input").click(),
  "/": () => document.querySelector("#q")?.focus(),
};

const toggle = document.querySelector("[data-keys]");
const on = toggle?.querySelector("input");
if (toggle && on) {
  toggle.hidden = false;
  on.checked = localStorage.getItem(STORE) !== "off";
  on.addEventListener("change", () => localStorage.setItem(STORE, on.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const act = KEYS[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
