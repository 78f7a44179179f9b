/**
 * Pictures for a book: chosen, dropped or pasted, many at once. Each is described in a dialog, then sent with a bar that
 * moves. On the page of pictures this starts by itself; the studio asks for it (static/js/studio/pictures.js).
 */

/** Send a form; `moved` is told the share that has left, 0 to 1. Resolves with status and the answer's JSON. */
function send(address, data, moved) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) moved(event.loaded / event.total); });
    request.addEventListener("load", () => resolve({ status: request.status, answer: request.response }));
    request.addEventListener("error", reject);
    request.send(data);
  });
}

/** A picture's own first look, without an address: our policy lets none of a page's own making be shown. */
async function preview(canvas, file) {
  canvas.hidden = true;
  try {
    const picture = await createImageBitmap(file, { resizeWidth: 400, resizeQuality: "medium" });
    canvas.width = picture.width;
    canvas.height = picture.height;
    canvas.getContext("2d").drawImage(picture, 0, 0);
    picture.close();
    canvas.hidden = false;
  } catch {
    // Not a picture this browser knows: the server says what is wrong with it.
  }
}

function problemOf(answer, dialog) {
  const first = Object.values(answer?.errors ?? {}).flat()[0];
  return first ?? answer?.error?.message ?? dialog.dataset.refused;
}

/** What the dialog's parts are. */
function partsOf(dialog) {
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  return {
    form: dialog.querySelector("form"), place: part("place"), name: part("name"), canvas: part("preview"),
    problem: part("problem"), progress: part("progress"), said: part("progress-text"),
    send: part("send"), stop: part("stop"), skip: part("skip"),
  };
}

/** Ask about one file and send it. Resolves with the answer, with null when it was skipped, "stop" for no more of them. */
function ask(file, { dialog, address, place, number }) {
  const parts = partsOf(dialog);
  const { alt, decorates } = parts.form.elements;
  const bar = parts.progress.querySelector("progress");
  const working = (on) => {
    parts.progress.hidden = !on;
    for (const one of [parts.send, parts.stop, parts.skip, alt, decorates]) one.disabled = on;
  };
  parts.form.reset();
  parts.problem.textContent = "";
  parts.place.textContent = number > 1 ? parts.place.dataset.text.replace("{place}", place).replace("{number}", number) : "";
  parts.name.textContent = file.name;
  parts.skip.hidden = number < 2;
  working(false);
  preview(parts.canvas, file);
  return new Promise((resolve) => {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    const end = (value) => { listening.abort(); resolve(value); };
    parts.stop.addEventListener("click", () => end("stop"), options);
    parts.skip.addEventListener("click", () => end(null), options);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      if (!parts.stop.disabled) end("stop");
    }, options);
    parts.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!alt.value.trim() && !decorates.checked) {
        parts.problem.textContent = dialog.dataset.missing;
        alt.focus();
        return;
      }
      const data = new FormData(parts.form);
      data.append("picture", file, file.name || "picture");
      parts.problem.textContent = "";
      parts.said.textContent = dialog.dataset.sending;
      bar.value = 0;
      working(true);
      const moved = (share) => {
        if (share < 1) { bar.value = share; return; }
        bar.removeAttribute("value");
        parts.said.textContent = dialog.dataset.drawing;
      };
      try {
        const { status, answer } = await send(address, data, moved);
        if (status === 201) { end(answer); return; }
        parts.problem.textContent = problemOf(answer, dialog);
      } catch {
        parts.problem.textContent = dialog.dataset.lost;
      }
      working(false);
      parts.send.focus();
    }, options);
    if (!dialog.open) dialog.showModal();
    alt.focus();
  });
}

/** Ask about each of these files, one after the other; what the server keeps of them: [{id, alt, markdown}]. */
export async function add(files, { dialog, address }) {
  const kept = [];
  if (dialog.open) return kept;
  for (const [index, file] of files.entries()) {
    const answer = await ask(file, { dialog, address, place: index + 1, number: files.length });
    if (answer === "stop") break;
    if (answer) kept.push(answer);
  }
  dialog.close();
  return kept;
}

const picturesOf = (transfer) => [...(transfer?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** Show where files can be dropped, now that somebody takes them. */
export function open(panel) {
  const drop = panel.querySelector("[data-drop]");
  if (!drop) return;
  drop.hidden = false;
  panel.querySelector("[data-plain]").hidden = true;
}

/** Take what is chosen and dropped inside `root`, now and whatever is loaded there later; `take` gets panel and files. */
export function listen(root, take) {
  const over = (event) => event.target.closest?.("[data-drop]");
  root.addEventListener("click", (event) => {
    if (event.target.closest("[data-choose]")) over(event)?.querySelector("[data-files]").click();
  });
  root.addEventListener("change", (event) => {
    if (!event.target.matches("[data-files]")) return;
    const files = [...event.target.files];
    event.target.value = "";
    if (files.length) take(event.target.closest("[data-pictures]"), files);
  });
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    root.addEventListener(name, (event) => {
      const place = over(event);
      if (!place) return;
      event.preventDefault();
      place.classList.toggle("is-over", name === "dragenter" || name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) take(place.closest("[data-pictures]"), [...event.dataTransfer.files]);
    });
  }
}

const panel = document.querySelector(".page [data-pictures]");
if (panel) {
  const take = async (_panel, files) => {
    const dialog = panel.querySelector("[data-picture-dialog]");
    const address = panel.dataset.pictures;
    if ((await add(files, { dialog, address })).length) location.assign(address);
  };
  open(panel);
  listen(panel, take);
  document.addEventListener("paste", (event) => {
    const files = picturesOf(event.clipboardData);
    if (files.length) take(panel, files);
  });
}
