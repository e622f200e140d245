// Keeps the grid worker's page and what it needs, so that it opens without a network. With one, the page is always asked
// for first: it carries the token of its forms and the areas of whoever is signed in.
const CACHE = "muster-grid";
const PAGE = "/grid";
// A network that does not answer is no network.
const PATIENCE_MS = 5000;

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(fetch(PAGE).then(keep));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (pathname.startsWith("/assets/")) event.respondWith(asset(event.request));
});

async function page(event) {
  const kept = await caches.match(PAGE, { ignoreVary: true });
  const asked = fetch(PAGE, { redirect: "manual" }).then((answer) => {
    if (answer.ok) event.waitUntil(keep(answer.clone()));
    return answer.status < 500 ? answer : (kept ?? answer);
  });
  if (!kept) return asked;
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, kept));
  return Promise.race([asked.catch(() => kept), late]);
}

async function asset(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

// The page last, so that it never stands there without its styles and scripts; then what no page names any more goes.
async function keep(answer) {
  const text = await answer.clone().text();
  if (!text.includes(" data-grid=")) return;
  const cache = await caches.open(CACHE);
  const named = new Set([...text.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, address]) => address));
  const held = (await cache.keys()).map(({ url }) => url.slice(location.origin.length));
  await cache.addAll([...named].filter((address) => !held.includes(address)));
  await cache.put(PAGE, answer);
  await Promise.all(held.filter((address) => address !== PAGE && !named.has(address)).map((old) => cache.delete(old)));
}
