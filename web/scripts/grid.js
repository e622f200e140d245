// The grid worker's form on a phone. What is written is put in the phone's own store first, under a key made here, and
// then sent. Without a network it waits there, can be changed or removed, and is sent when the network is back; the key
// makes a second try harmless. All words come from the page.
const RETRY_MS = 20_000;
const PATIENCE_MS = 30_000;
// Bytes of photos a millisecond that even a poor network carries.
const SLOWEST = 8;
const SENT_KEPT = 20;

const page = document.querySelector("[data-grid]");
const account = page.dataset.grid;
const form = page.querySelector("form[data-keep]");
const state = page.querySelector("[data-state]");
const queue = page.querySelector("[data-queue]");
const done = page.querySelector("[data-sent-list]");
const areaPlace = `muster-grid-area:${account}`;
// Shown until the page is left, never stored.
const secrets = new Map();
let token = form.elements.csrf.value;
let inHand = null;
let running = false;
let writing = false;
let again = false;
let timer;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("muster-grid", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("reports", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** One transaction, told done when it is on the disk. */
function store(mode, act) {
  return new Promise((resolve, reject) => {
    const turn = base.transaction("reports", mode, { durability: "strict" });
    const asked = act(turn.objectStore("reports"));
    turn.oncomplete = () => resolve(asked.result);
    turn.onabort = () => reject(turn.error);
  });
}

const put = (item) => store("readwrite", (reports) => reports.put(item));
const drop = (key) => store("readwrite", (reports) => reports.delete(key));
const everything = () => store("readonly", (reports) => reports.getAll());
const own = async () => (await everything()).filter((item) => item.account === account).sort((a, b) => a.at - b.at);

async function begin() {
  const { area } = form.elements;
  if (form.dataset.keepState !== "restored") {
    if (form.dataset.keepState !== "typed") form.elements.key.value = crypto.randomUUID();
    area.value ||= localStorage.getItem(areaPlace) ?? "";
    // An area no longer in the list leaves a select empty; this brings back "choose".
    area.value ||= "";
  }
  form.addEventListener("submit", submit);
  page.addEventListener("click", pressed);
  addEventListener("online", flush);
  addEventListener("offline", () => say("offline"));
  if (!navigator.onLine) say("offline");
  await draw();
  flush();
  if (!navigator.serviceWorker) return;
  // Without a network the registration is not renewed, and the one there is serves.
  navigator.serviceWorker.register("/grid-worker.js", { scope: "/grid" }).catch(() => {});
  await navigator.serviceWorker.ready;
  page.querySelector("[data-ready]").hidden = !(await caches.match("/grid"));
}

function say(word, change = {}) {
  const [[name, value] = []] = Object.entries(change);
  state.dataset.word = word;
  state.textContent = name ? state.dataset[word].replace(`{${name}}`, value) : state.dataset[word];
}

// ── writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function submit(event) {
  event.preventDefault();
  unmark();
  for (const name of ["area", "text"]) {
    if (!form.elements[name].value.trim()) mark(name, form.dataset[`${name}Missing`]);
  }
  const first = form.querySelector("[aria-invalid]");
  if (first) return first.focus();
  if (writing) return;
  writing = true;
  try {
    await put(await written("waiting"));
  } catch {
    return say("full");
  } finally {
    writing = false;
  }
  navigator.storage?.persist?.();
  clear();
  await draw();
  flush();
}

async function written(state) {
  const { key, text, area, place, phone, photo } = form.elements;
  await photo?.ready;
  const label = area.selectedOptions?.[0]?.label ?? area.value;
  const fields = { text: text.value, area: area.value, place: place.value, phone: phone.value };
  return { key: key.value, account, at: Date.now(), state, fields, label, photos: [...(photo?.files ?? [])], wrong: [] };
}

function clear() {
  const area = form.elements.area.value;
  localStorage.setItem(areaPlace, area);
  form.reset();
  for (const field of form.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox])")) field.value = "";
  form.elements.area.value = area;
  form.elements.key.value = crypto.randomUUID();
}

/** Back into the form; what stands there is put aside, not sent. */
async function edit(item) {
  const { text, place, phone, key, photo } = form.elements;
  if ([text, place, phone].some((field) => field.value.trim()) || photo?.files.length) await put(await written("aside"));
  unmark();
  for (const [name, value] of Object.entries(item.fields)) form.elements[name].value = value;
  key.value = item.key;
  if (photo) {
    const holder = new DataTransfer();
    for (const file of item.photos ?? []) holder.items.add(file);
    photo.files = holder.files;
    photo.dispatchEvent(new Event("put"));
  }
  form.dispatchEvent(new Event("input"));
  await drop(item.key);
  for (const [name, words] of item.wrong) if (form.elements[name]) mark(name, words);
  await draw();
  text.focus();
}

function mark(name, words) {
  const field = form.elements[name];
  const error = Object.assign(document.createElement("p"), { className: "error", id: `${name}-error`, textContent: words });
  field.before(error);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", `${document.getElementById(`${name}-hint`)?.id ?? ""} ${error.id}`.trim());
  field.closest(".field").classList.add("wrong");
}

function unmark() {
  for (const error of form.querySelectorAll(".error")) error.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
    const hint = document.getElementById(`${field.name}-hint`);
    if (hint) field.setAttribute("aria-describedby", hint.id);
    field.closest(".field").classList.remove("wrong");
  }
}

// ── sending ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Sends what waits, one after the other, in one tab at a time. */
async function flush() {
  again = true;
  if (running) return;
  running = true;
  clearTimeout(timer);
  try {
    while (again) {
      again = false;
      await (navigator.locks?.request("muster-grid", { ifAvailable: true }, (lock) => lock && sendAll()) ?? sendAll());
    }
  } finally {
    running = false;
  }
  await draw();
  const waits = (await own()).some((item) => item.state === "waiting");
  if (waits) timer = setTimeout(flush, RETRY_MS);
  else if (state.dataset.word === "offline" && navigator.onLine) say("online");
}

async function sendAll() {
  for (const { key } of (await own()).filter((item) => item.state === "waiting")) {
    const item = await store("readonly", (reports) => reports.get(key));
    if (item?.state !== "waiting") continue;
    inHand = key;
    say("sending");
    await draw();
    const goesOn = await send(item);
    inHand = null;
    await draw();
    if (!goesOn) return;
  }
}

/** Whether the next may be tried at once. */
async function send(item, isSecondTry = false) {
  let answer, html;
  try {
    const { body, bytes } = parcel(item);
    const patience = PATIENCE_MS + bytes / SLOWEST;
    answer = await fetch("/grid", { method: "POST", body, signal: AbortSignal.timeout(patience) });
    html = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return stop("offline");
  }
  const receipt = html.querySelector("[data-receipt]");
  if (answer.ok && receipt) return sent(item, receipt);
  if (answer.status === 401) return stop("later", "[data-sign-in]");
  if (answer.status === 403 && !isSecondTry) return (await renew()) && send(item, true);
  // An answer that is not ours comes from something in between, such as a hotel's sign-in page.
  const isTheirs = answer.status >= 400 && html.querySelector("main#main");
  if (!isTheirs || [403, 408, 429].includes(answer.status) || answer.status >= 500) return stop("later");
  return refused(item, html);
}

function parcel({ key, fields, photos = [] }) {
  const words = { csrf: token, key, ...fields };
  if (photos.length === 0) return { body: new URLSearchParams(words), bytes: 0 };
  const body = new FormData();
  for (const [name, value] of Object.entries(words)) body.append(name, value);
  for (const photo of photos) body.append("photo", photo);
  return { body, bytes: photos.reduce((sum, { size }) => sum + size, 0) };
}

function stop(word, notice) {
  say(word);
  if (notice) page.querySelector(notice).hidden = false;
  return false;
}

/** A fresh token in place of one whose session has ended. */
async function renew() {
  let answer, html;
  try {
    answer = await fetch("/grid", { signal: AbortSignal.timeout(PATIENCE_MS) });
    html = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return stop("offline");
  }
  if (new URL(answer.url).pathname === "/login") return stop("later", "[data-sign-in]");
  const fresh = html.querySelector("[data-grid]");
  if (!fresh) return stop("later");
  if (fresh.dataset.grid !== account) return stop("later", "[data-stranger]");
  token = fresh.querySelector("[name=csrf]").value;
  return true;
}

async function sent(item, receipt) {
  const read = (name) => receipt.querySelector(`[data-${name}]`).textContent.replace(/\s+/g, " ").trim();
  const code = read("code");
  secrets.set(item.key, read("secret"));
  for (const notice of page.querySelectorAll("[data-sign-in], [data-stranger]")) notice.hidden = true;
  // The words have arrived: the phone keeps only enough to tell one from another.
  const { key, at, label, fields } = item;
  const short = { text: [...fields.text].slice(0, 40).join("") };
  await put({ key, account, at, label, state: "sent", fields: short, code, promise: read("promise") });
  for (const old of (await own()).filter(({ state }) => state === "sent").slice(0, -SENT_KEPT)) await drop(old.key);
  say("sent", { code });
  return true;
}

async function refused(item, html) {
  const beside = [...html.querySelectorAll(".summary a")].map((link) => [link.hash.slice(1), link.textContent]);
  const above = [...html.querySelectorAll(".notice.bad > span")].map((words) => ["", words.textContent]);
  const whole = [["", html.querySelector("h1")?.textContent ?? String(html.title)]];
  const wrong = [beside, above, whole].find((list) => list.length > 0);
  // Taken before under other words: sent once more, it is another report.
  const key = html.querySelector("form[data-keep] [name=key]")?.value ?? item.key;
  if (key !== item.key) await drop(item.key);
  await put({ ...item, key, state: "refused", wrong });
  say("refused");
  return true;
}

// ── showing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

async function pressed({ target }) {
  const button = target.closest("[data-act]");
  if (!button) return;
  const { act, key } = button.dataset;
  if (act === "clear") {
    for (const item of (await own()).filter(({ state }) => state === "sent")) await drop(item.key);
    await draw();
    return form.elements.text.focus();
  }
  const item = await store("readonly", (reports) => reports.get(key));
  if (!item || key === inHand) return draw();
  if (act === "edit") return edit(item);
  if (!button.dataset.asked) {
    button.dataset.asked = "yes";
    button.querySelector("[data-word]").textContent = button.dataset.sure;
    return;
  }
  await drop(key);
  await draw();
  (queue.hidden ? form.elements.text : queue.querySelector("h2")).focus();
}

async function draw() {
  const all = await everything();
  const mine = await own();
  const open = mine.filter(({ state }) => state !== "sent");
  const sentOnes = mine.filter(({ state }) => state === "sent").reverse();
  const others = all.filter((item) => item.account !== account && item.state !== "sent").length;
  fill(queue.querySelector("ul"), open.map(openItem));
  fill(done.querySelector("ul"), sentOnes.map(sentItem));
  const count = (element, n) => (element.textContent = element.dataset.words.replace("{n}", n));
  count(queue.querySelector("h2"), open.length);
  const note = queue.querySelector("[data-others]");
  count(note, others);
  note.hidden = others === 0;
  queue.hidden = open.length === 0 && others === 0;
  done.hidden = sentOnes.length === 0;
}

/** Whoever stands on a button of the list stays on it. */
function fill(list, items) {
  const { act, key } = list.contains(document.activeElement) ? document.activeElement.dataset : {};
  list.replaceChildren(...items);
  if (key) list.querySelector(`[data-act="${act}"][data-key="${key}"]`)?.focus();
}

const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });

function openItem({ key, at, state: stage, fields, label, photos = [], wrong }) {
  const item = page.querySelector("[data-item]").content.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  const tag = part("tag");
  tag.textContent = key === inHand ? state.dataset.sending : tag.dataset[stage];
  tag.classList.add(stage === "refused" ? "refused" : "none");
  part("when").textContent = when.format(at);
  part("text").textContent = fields.text;
  part("where").textContent = [label, fields.place].filter(Boolean).join(" · ");
  const count = part("photo-count");
  count.hidden = photos.length === 0;
  count.textContent = count.dataset.words.replace("{n}", photos.length);
  part("wrong").replaceChildren(
    ...wrong.map(([, words]) => Object.assign(document.createElement("p"), { className: "error", textContent: words })),
  );
  for (const which of item.querySelectorAll("[data-which]")) which.textContent = `: ${[...fields.text].slice(0, 12).join("")}`;
  for (const button of item.querySelectorAll("button")) {
    button.dataset.key = key;
    button.disabled = key === inHand;
  }
  return item;
}

function sentItem({ key, fields, code, promise }) {
  const item = page.querySelector("[data-sent-item]").content.cloneNode(true);
  const part = (name) => item.querySelector(`[data-${name}]`);
  part("text").textContent = fields.text;
  part("code").replaceChildren(...code.split(" ").map((group) => Object.assign(document.createElement("span"), { textContent: group })));
  part("promise").textContent = promise;
  part("secret-line").hidden = !secrets.has(key);
  part("secret").textContent = secrets.get(key) ?? "";
  return item;
}

// In a browser without these the form is sent as any other.
const base = crypto.randomUUID ? await open().catch(() => null) : null;
if (base) await begin();
