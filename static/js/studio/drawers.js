/**
 * The two sides of the studio: open or closed, as they were left in this browser; on a narrow screen each is a drawer over
 * the text, opened on purpose, closed by Escape or by a press beside it.
 */
import { keep, recall } from "../kept.js";

const KEY = "studio-sides";
const narrow = matchMedia("(max-width: 60rem)");

export function start({ root, events }) {
  const kept = { "studio-chapters": true, "studio-aside": false, ...recall(KEY) };
  const buttons = [...root.querySelectorAll("[data-drawer]")];

  function set(button, open) {
    const side = document.getElementById(button.dataset.drawer);
    side.toggleAttribute("data-open", open);
    side.inert = !open;
    root.toggleAttribute(`data-${side.id}`, open);
    button.setAttribute("aria-expanded", String(open));
  }

  function toggle(button, open = button.getAttribute("aria-expanded") !== "true") {
    set(button, open);
    if (narrow.matches) {
      for (const other of buttons) if (open && other !== button) set(other, false);
      if (open) document.getElementById(button.dataset.drawer).querySelector("a, button, input, textarea")?.focus();
      else button.focus();
    } else {
      kept[button.dataset.drawer] = open;
      keep(KEY, kept);
    }
    if (button.dataset.drawer === "studio-aside" && open) events.dispatchEvent(new CustomEvent("aside"));
  }

  function arrange() {
    for (const button of buttons) set(button, !narrow.matches && Boolean(kept[button.dataset.drawer]));
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => toggle(button));
  }
  narrow.addEventListener("change", arrange);
  arrange();
  // A panel was asked for: its side opens.
  events.addEventListener("panel", () => {
    const button = buttons.find(({ dataset }) => dataset.drawer === "studio-aside");
    if (button.getAttribute("aria-expanded") !== "true") toggle(button, true);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !narrow.matches) return;
    const open = buttons.find((button) => button.getAttribute("aria-expanded") === "true");
    if (open) toggle(open, false);
  });
  document.addEventListener("click", (event) => {
    if (!narrow.matches || event.target.closest(".studio-chapters, .studio-aside, [data-drawer], dialog")) return;
    for (const button of buttons) set(button, false);
  });
}
