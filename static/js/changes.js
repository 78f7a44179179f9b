/**
 * Two texts beside each other: from one change to the next, by button or key. [data-step] says which way; what is folded
 * away around a change is none of the steps. Without this module the links lead to the first change.
 */
const changes = (link) => [...(link.closest(".chapter-change") ?? document).querySelectorAll("[data-change]")];

/** The change that has the focus, or else the first one on the screen or below; -1 above the first. */
function present(all) {
  const focused = all.findIndex((one) => one.contains(document.activeElement));
  if (focused >= 0) return focused;
  const below = all.findIndex((one) => one.getBoundingClientRect().top > 0);
  return (below < 0 ? all.length : below) - 1;
}

function step(event) {
  const link = event.target.closest("[data-step]");
  if (!link) return;
  const all = changes(link);
  const wanted = all[Math.min(all.length - 1, Math.max(0, present(all) + Number(link.dataset.step)))];
  if (!wanted) return;
  event.preventDefault();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  wanted.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  wanted.focus({ preventScroll: true });
}

function reveal() {
  for (const link of document.querySelectorAll("[data-step][hidden]")) link.hidden = false;
}

document.addEventListener("click", step);
document.body.addEventListener("htmx:afterSwap", reveal);
reveal();
