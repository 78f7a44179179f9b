/**
 * Walking through suggestions by keys, while the list has the focus: j and k to the next and the one before, a, r, i and u
 * press the buttons Accept, Reject, Ignore and Undo. Elsewhere on the page these letters mean nothing (WCAG 2.1.4).
 */
const KEYS = { a: "accept", r: "reject", i: "ignore", u: "undo" };
let place = 0; // which suggestion the focus was on: after a decision the next one takes its place

const list = () => document.querySelector("[data-walk]");
const notes = () => [...(list()?.querySelectorAll("[data-note]") ?? [])];

function go(index) {
  const all = notes();
  if (!all.length) return;
  place = Math.min(all.length - 1, Math.max(0, index));
  all[place].focus();
  all[place].scrollIntoView({ block: "nearest" });
}

function press(note, act) {
  const holder = act === "undo" ? document : note;
  holder?.querySelector(`[data-note-act=${act}]`)?.click();
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = event.target.closest(".notes");
  if (!here?.querySelector("[data-walk], [data-note-act=undo]")) return;
  if (event.target.closest("input, select, textarea, [contenteditable=true]")) return;
  const note = event.target.closest("[data-note]");
  const index = notes().indexOf(note);
  if (event.key === "j" || event.key === "k") go(index < 0 ? 0 : index + (event.key === "j" ? 1 : -1));
  else if (KEYS[event.key]) {
    place = Math.max(0, index);
    press(note, KEYS[event.key]);
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** The panel came anew after a decision: the focus goes on where it was, in the list, if it was there before. */
function settled(event) {
  const panel = document.getElementById("panel");
  for (const said of panel?.querySelectorAll("[data-keys-said]") ?? []) said.hidden = false;
  if (event?.detail?.requestConfig?.verb !== "post" || !panel?.contains(event.target)) return;
  if (notes().length) go(place);
  else {
    panel.tabIndex = -1;
    panel.focus();
  }
}

document.addEventListener("keydown", onKey, true);
document.addEventListener("htmx:afterSettle", settled);
// A refusal is the panel with its reason: it is shown like any other answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id === "panel" && [403, 409].includes(event.detail.xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
for (const said of document.querySelectorAll("[data-keys-said]")) said.hidden = false;
