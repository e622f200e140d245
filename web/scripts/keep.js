// Keeps what is being typed at every keystroke, so that a reload or an empty battery loses nothing. `data-keep` names the
// form and whose it is; `data-keep-in` says where: `tab` ends with the tab, as a desk may be shared and hold two calls in
// two tabs; `device` ends after twelve hours. `data-keep-state` says what the page came as: `fresh` (put back what was
// kept), `typed` (the fields the server sent stand, unless writing went on after they were sent) or `taken` (done).
const HOURS_12 = 12 * 60 * 60 * 1000;

for (const form of document.querySelectorAll("form[data-keep]")) {
  const store = form.dataset.keepIn === "tab" ? sessionStorage : localStorage;
  const place = `muster-keep:${form.dataset.keep}`;
  const note = form.querySelector("[data-keep-note]");
  const skipped = new Set([...form.querySelectorAll("[data-keep-skip] [name]")].map((field) => field.name)).add("csrf");
  const written = form.querySelectorAll("textarea, input:not([type=hidden], [type=radio])");

  const forget = () => {
    store.removeItem(place);
    note.hidden = true;
  };
  const keep = (sent = false) => {
    if (![...written].some((field) => field.value.trim())) return forget();
    const fields = [...new FormData(form)].filter(([name]) => !skipped.has(name));
    store.setItem(place, JSON.stringify({ at: Date.now(), sent, fields }));
    note.hidden = false;
  };

  const kept = read(store, place);
  const state = form.dataset.keepState;
  const wentOn = kept && !kept.sent && Object.fromEntries(kept.fields).key === form.elements.key.value;
  if (state === "taken") forget();
  else if (kept && (state === "fresh" || wentOn)) {
    for (const [name, value] of kept.fields.filter(([name]) => !skipped.has(name))) {
      const field = form.elements.namedItem(name);
      if (field) field.value = value;
    }
    form.dataset.keepState = "restored";
    note.hidden = false;
  } else keep();
  form.addEventListener("input", () => keep());
  form.addEventListener("change", () => keep());
  form.addEventListener("submit", () => keep(true));
  form.addEventListener("reset", forget);
}

function read(store, place) {
  const kept = JSON.parse(store.getItem(place) ?? "null");
  return kept && Date.now() - kept.at < HOURS_12 ? kept : null;
}
