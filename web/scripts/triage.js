// Triage by single keys: 1 and 2 take the likeliest classes, 3 opens the choice of any other.
// Single keys can be switched off (WCAG 2.1.4), and never act while somebody types.
const STORE = "muster-triage-keys";
const toggle = document.querySelector("[data-keys]");
const box = toggle?.querySelector("input");

if (toggle && box) {
  toggle.hidden = false;
  box.checked = localStorage.getItem(STORE) !== "off";
  box.addEventListener("change", () => localStorage.setItem(STORE, box.checked ? "on" : "off"));
  addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea")) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    const details = target.closest("details");
    if (!details) return target.click();
    details.open = true;
    details.querySelector("select")?.focus();
  });
}
