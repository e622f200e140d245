// Keeps a list fresh: when the server says that something changed, the page is fetched again and its live parts are put in
// place. Without scripts the same place holds a plain link that reloads the page.
const hint = document.querySelector("[data-live]");
const regions = document.querySelectorAll("[data-live-region]");
const QUIET_MS = 1500; // Many changes at once become one fetch.

if (hint && regions.length > 0 && "EventSource" in window) {
  let timer;
  const events = new EventSource(hint.dataset.live);
  const say = (word) => {
    if (hint.textContent !== word) hint.textContent = word;
  };
  events.addEventListener("open", () => say(hint.dataset.liveWord));
  events.addEventListener("error", () => say(hint.dataset.lostWord));
  events.addEventListener("change", () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, QUIET_MS);
  });
  addEventListener("pagehide", () => events.close());
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html", "muster-by-itself": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const region of regions) {
    const name = CSS.escape(region.dataset.liveRegion);
    const fresh = page.querySelector(`[data-live-region="${name}"]`);
    if (fresh) renew(region, fresh);
  }
}

// Whoever stands on a link or a choice of the list stays on it, and what was chosen stays chosen.
function renew(region, fresh) {
  const here = region.contains(document.activeElement) ? document.activeElement : null;
  const chosen = new Set([...region.querySelectorAll("input[data-code]:checked")].map((tick) => tick.dataset.code));
  region.replaceChildren(...fresh.childNodes);
  for (const tick of region.querySelectorAll("input[data-code]")) tick.checked = chosen.has(tick.dataset.code);
  const [name, value] = here?.dataset.code ? ["data-code", here.dataset.code] : ["href", here?.getAttribute("href")];
  if (value) region.querySelector(`[${name}="${CSS.escape(value)}"]`)?.focus();
  document.dispatchEvent(new Event("muster:renewed"));
}
