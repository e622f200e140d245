// Keeps a list fresh: when the server says that something changed, the page is fetched again and its live parts are put in
// place. Without scripts the same place holds a plain link that reloads the page.
const hint = document.querySelector("[data-live], [data-live-every]");
const regions = document.querySelectorAll("[data-live-region]");
const QUIET_MS = 1500; // Many changes at once become one fetch.

const say = (word) => {
  if (hint.textContent !== word) hint.textContent = word;
};

if (hint && regions.length > 0 && hint.dataset.live && "EventSource" in window) {
  let timer;
  const events = new EventSource(hint.dataset.live);
  events.addEventListener("open", () => say(hint.dataset.liveWord));
  events.addEventListener("error", () => say(hint.dataset.lostWord));
  events.addEventListener("change", () => {
    // Changes without end must not keep a page from ever being fresh.
    timer ??= setTimeout(() => {
      timer = undefined;
      refresh();
    }, QUIET_MS);
  });
  addEventListener("pagehide", () => events.close());
}
// What becomes due does so without anybody's act.
if (hint?.dataset.liveEvery) setInterval(refresh, Number(hint.dataset.liveEvery) * 1000);

async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html", "muster-by-itself": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    if (hint.dataset.lostWord) say(hint.dataset.lostWord);
    return;
  }
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
  const open = [...region.querySelectorAll("details")].map((details) => details.open);
  region.replaceChildren(...fresh.childNodes);
  for (const [n, details] of region.querySelectorAll("details").entries()) details.open ||= open[n] ?? false;
  for (const tick of region.querySelectorAll("input[data-code]")) tick.checked = chosen.has(tick.dataset.code);
  const [name, value] = here?.dataset.code ? ["data-code", here.dataset.code] : ["href", here?.getAttribute("href")];
  if (value) region.querySelector(`[${name}="${CSS.escape(value)}"]`)?.focus();
  document.dispatchEvent(new Event("muster:renewed"));
}
