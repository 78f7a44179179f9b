/**
 * Keyboard shortcuts: the keys and what they do are read from the list in the dialog (components/shortcut_list.html).
 *
 * Each row says its keys (`data-keys`, one or two after another) and an act of this module (`data-act`), an address
 * (`data-go`) or both: then the address is for pages on which the act has nothing to do. They rest while somebody types,
 * while a dialog is open and with any modifier; who has switched them off gets neither the list nor this module.
 */
const PATIENCE_MS = 1200;
const dialog = document.getElementById("shortcuts");
const rows = new Map([...dialog.querySelectorAll("[data-keys]")].map((row) => [row.dataset.keys, row]));
let pending = "";
let waiting = 0;

/** The links that j and k walk: books of a list, or the neighbours of a chapter. */
const walk = () => [...document.querySelectorAll("[data-shelf] .shelf-book")];

function step(by) {
  const turn = document.querySelector(`.turn [rel=${by > 0 ? "next" : "prev"}]`);
  if (turn) {
    turn.click();
    return true;
  }
  const links = walk();
  if (!links.length) return false;
  const here = links.findIndex((link) => link.closest("li").contains(document.activeElement));
  const next = links[here < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, here + by))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

const acts = {
  list: () => { dialog.showModal(); return true; },
  next: () => step(1),
  previous: () => step(-1),
  search() {
    const field = document.querySelector("input[type=search]");
    field?.focus();
    field?.select();
    return Boolean(field);
  },
  choose() {
    const box = document.activeElement.closest("[data-shelf] li")?.querySelector("[name=book]");
    box?.click();
    return Boolean(box);
  },
  press(row) {
    const control = document.querySelector(`main [data-key="${row.dataset.keys}"]`);
    control?.click();
    return Boolean(control);
  },
};

function perform(row) {
  if (acts[row.dataset.act]?.(row)) return;
  if (row.dataset.go) location.assign(row.dataset.go);
}

function forget() {
  pending = "";
  clearTimeout(waiting);
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
  if (document.querySelector("dialog[open]") || event.key.length > 1) return;
  const keys = pending ? `${pending} ${event.key}` : event.key;
  const row = rows.get(keys);
  forget();
  if (row) {
    event.preventDefault();
    perform(row);
  } else if ([...rows.keys()].some((known) => known.startsWith(`${keys} `))) {
    pending = keys;
    waiting = setTimeout(forget, PATIENCE_MS);
  }
});

// `/` on a page without a search field leads to the list with its field in the address: the cursor belongs there.
if (location.hash === "#q") document.getElementById("q")?.focus();
