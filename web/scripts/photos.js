// Photos of a form: made small before they are sent, shown, and removed again. Without this the file field does by itself.
// What is chosen always stands in the field's `files`; `ready` of the field is settled when they are small. A `put` event
// on the field says that another script has filled it.
const SMALL = 300_000;
const QUALITIES = [0.82, 0.7, 0.55, 0.4];
const PREVIEW = 240;
// A browser too old to know this word leaves photos to the server.
const UPRIGHT = { imageOrientation: "from-image" };

for (const part of document.querySelectorAll("[data-photos]")) {
  const field = part.querySelector("input[type=file]");
  const list = part.querySelector("[data-photos-chosen]");
  const say = part.querySelector("[data-photos-say]");
  const most = Number(part.dataset.most);
  let chosen = [];
  // Chosen, and not made small yet.
  let waiting = [];
  field.ready = Promise.resolve();

  const room = () => most - part.querySelectorAll("input[name=photos]:checked").length;

  async function draw() {
    field.files = files([...chosen, ...waiting].slice(0, room()));
    const items = await Promise.all(chosen.map((file, at) => item(file, part.dataset.nth.replace("{n}", at + 1))));
    list.replaceChildren(...items);
    list.hidden = items.length === 0;
  }

  async function item(file, name) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button plain" });
    button.append(part.dataset.remove, Object.assign(document.createElement("span"), { className: "hidden", textContent: `: ${name}` }));
    button.addEventListener("click", async () => {
      chosen = chosen.filter((other) => other !== file);
      say.textContent = "";
      await draw();
      field.focus();
    });
    const line = document.createElement("li");
    const picture = await createImageBitmap(file, UPRIGHT).catch(() => null);
    if (picture) line.append(drawn(picture, PREVIEW));
    line.append(Object.assign(document.createElement("span"), { textContent: picture ? name : `${name} (${file.name})` }), button);
    return line;
  }

  async function add(more) {
    for (const file of more) {
      if (chosen.length < room()) chosen.push(await small(file, Number(part.dataset.side)));
      else say.textContent = part.dataset.many;
    }
    waiting = waiting.filter((file) => !more.includes(file));
    await draw();
  }

  const next = (act) => (field.ready = field.ready.then(act, act));
  field.addEventListener("change", () => {
    const more = [...field.files];
    // What was chosen before stays in the form, whoever sends it before the pictures are drawn.
    waiting.push(...more);
    field.files = files([...chosen, ...waiting].slice(0, room()));
    say.textContent = "";
    next(() => add(more));
  });
  field.addEventListener("put", () => {
    [chosen, waiting] = [[...field.files], []];
    next(draw);
  });
  field.form.addEventListener("reset", () => {
    [chosen, waiting] = [[], []];
    next(draw);
  });
}

function files(list) {
  const holder = new DataTransfer();
  for (const file of list) holder.items.add(file);
  return holder.files;
}

/** The picture alone, upright, at most `side` pixels long; a file that cannot be read is left for the server to name. */
async function small(file, side) {
  const picture = await createImageBitmap(file, UPRIGHT).catch(() => null);
  if (!picture) return file;
  for (let length = side; length > PREVIEW; length *= 0.75) {
    const canvas = drawn(picture, length);
    for (const quality of QUALITIES) {
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
      if (blob && blob.size <= SMALL) return new File([blob], file.name, { type: blob.type });
    }
  }
  return file;
}

function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "white";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
