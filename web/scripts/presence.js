// Says while this page is open and seen that somebody is on the case, and shows who else is and whether it changed.
// What it asks for by itself keeps no session alive. Without scripts the page counts as open for some minutes after it was asked for.
const place = document.querySelector("[data-here]");
const EVERY_MS = 10_000; // What was written less than half a minute ago is not written again.

if (place) {
  const { here, csrf, version } = place.dataset;
  const body = (gone) => new URLSearchParams({ csrf, version, gone });
  let shown = place.innerHTML.trim();

  const say = async () => {
    if (document.visibilityState !== "visible") return;
    const answer = await fetch(here, { method: "POST", body: body("no"), headers: { "muster-by-itself": "1" } }).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    const html = (await answer.text()).trim();
    // A screen reader is told only of what is new.
    if (html === shown) return;
    shown = html;
    place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
  };
  const leave = () => navigator.sendBeacon(here, body("yes"));

  setInterval(say, EVERY_MS);
  document.addEventListener("visibilitychange", say);
  addEventListener("pagehide", leave);
  // Back from the browser's own cache: the page is open again.
  addEventListener("pageshow", (event) => event.persisted && say());
}
