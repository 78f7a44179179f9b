/**
 * The reader's own light, size, face and spacing, kept on this device, and the arrow keys that turn to the next chapter.
 */
import { keep, recall } from "./kept.js";

const root = document.documentElement;
const KEY = "reader";
const SIZES = [1, 2, 3, 4, 5];
// The first of each is what the page has by itself; paper has no such: without a choice it follows the theme.
const CHOICES = { paper: ["", "light", "sepia", "dark"], face: ["book", "plain"], lines: ["usual", "close", "wide"] };

/** What was chosen, or the defaults where nothing sane is stored (or storing is forbidden). */
function chosen() {
  const stored = recall(KEY) ?? {};
  const sane = Object.entries(CHOICES).map(([name, values]) => [name, values.includes(stored[name]) ? stored[name] : values[0]]);
  return { size: SIZES.includes(stored.size) ? stored.size : 3, ...Object.fromEntries(sane) };
}

function apply() {
  root.dataset.text = choice.size;
  root.dataset.face = choice.face;
  root.dataset.lines = choice.lines;
  if (choice.paper) root.dataset.reading = choice.paper;
  for (const button of document.querySelectorAll("[data-choice]")) {
    button.setAttribute("aria-pressed", String(button.value === choice[button.dataset.choice]));
  }
  for (const button of document.querySelectorAll("[data-text-step]")) {
    const next = choice.size + Number(button.dataset.textStep);
    button.setAttribute("aria-disabled", String(!SIZES.includes(next)));
  }
}

const choice = chosen();
const tools = document.querySelector("[data-reading-tools]");
tools.hidden = false;
tools.addEventListener("click", (event) => {
  const button = event.target.closest("[data-choice], [data-text-step]");
  if (!button) return;
  if (button.dataset.choice) choice[button.dataset.choice] = button.value;
  else choice.size = Math.min(SIZES.at(-1), Math.max(SIZES[0], choice.size + Number(button.dataset.textStep)));
  apply();
  keep(KEY, choice);
});
apply();

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const open = document.querySelector(".drawer[open]");
  if (event.key === "Escape" && open) {
    open.open = false;
    open.querySelector("summary").focus();
    return;
  }
  if (event.target.closest("input, select, textarea, dialog, .drawer[open], pre, table")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel) document.querySelector(`.turn [rel=${rel}]`)?.click();
});

/** A click beside an open drawer closes it. */
document.addEventListener("click", (event) => {
  for (const drawer of document.querySelectorAll(".drawer[open]")) {
    if (!drawer.contains(event.target)) drawer.open = false;
  }
});

/** The contents open at the chapter that is being read. */
document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("[aria-current]")?.scrollIntoView({ block: "center" });
}, true);
