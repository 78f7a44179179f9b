/**
 * The reader's own light and size, kept on this device, and the arrow keys that turn to the next chapter.
 */
const root = document.documentElement;
const KEY = "reader";
const SIZES = [1, 2, 3, 4, 5];
const PAPERS = ["light", "sepia", "dark"];

/** What was chosen, or the defaults where nothing sane is stored (or storing is forbidden). */
function recall() {
  try {
    const { size, paper } = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { size: SIZES.includes(size) ? size : 3, paper: PAPERS.includes(paper) ? paper : "" };
  } catch {
    return { size: 3, paper: "" };
  }
}

function keep() {
  try {
    localStorage.setItem(KEY, JSON.stringify(choice));
  } catch {
    // Storage is forbidden here: the choice lasts as long as the page.
  }
}

function apply() {
  root.dataset.text = choice.size;
  if (choice.paper) root.dataset.reading = choice.paper;
  for (const button of document.querySelectorAll("[data-paper]")) {
    button.setAttribute("aria-pressed", String(button.dataset.paper === choice.paper));
  }
  for (const button of document.querySelectorAll("[data-text-step]")) {
    const next = choice.size + Number(button.dataset.textStep);
    button.setAttribute("aria-disabled", String(!SIZES.includes(next)));
  }
}

const choice = recall();
const tools = document.querySelector("[data-reading-tools]");
tools.hidden = false;
tools.addEventListener("click", (event) => {
  const button = event.target.closest("[data-paper], [data-text-step]");
  if (!button) return;
  if (button.dataset.paper) choice.paper = button.dataset.paper;
  else choice.size = Math.min(SIZES.at(-1), Math.max(SIZES[0], choice.size + Number(button.dataset.textStep)));
  apply();
  keep();
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
  if (event.target.closest("input, select, textarea, .drawer[open], pre, table")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel) document.querySelector(`.turn [rel=${rel}]`)?.click();
});

/** A click beside an open drawer closes it. */
document.addEventListener("click", (event) => {
  for (const drawer of document.querySelectorAll(".drawer[open]")) {
    if (!drawer.contains(event.target)) drawer.open = false;
  }
});
