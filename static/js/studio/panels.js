/**
 * What stands beside the text: links that HTMX follows into #studio-side (templates/studio/panels.html). Which one was open
 * last is kept in this browser, and opened again as soon as its side is.
 */
import { keep, recall } from "../kept.js";

const KEY = "studio-panel";

export function start({ root, events }) {
  const tabs = [...root.querySelectorAll(".studio-tabs a")];
  const side = document.getElementById("studio-side");

  function show(tab) {
    for (const each of tabs) each.toggleAttribute("aria-current", false);
    tab.setAttribute("aria-current", "true");
    keep(KEY, tab.dataset.panel);
  }

  const openKept = () => {
    if (!tabs.length || tabs.some((tab) => tab.hasAttribute("aria-current"))) return;
    (tabs.find((tab) => tab.dataset.panel === recall(KEY)) ?? tabs[0]).click();
  };
  for (const tab of tabs) tab.addEventListener("click", () => show(tab));
  events.addEventListener("aside", openKept);
  // Another part asks for a panel by name.
  events.addEventListener("panel", ({ detail }) => {
    const tab = tabs.find((one) => one.dataset.panel === detail?.name);
    if (tab && !(detail.loaded || tab.hasAttribute("aria-current"))) tab.click();
  });
  side.addEventListener("htmx:afterSettle", (event) => {
    const here = tabs.find((tab) => tab.hasAttribute("aria-current"));
    if (event.target === side && here) events.dispatchEvent(new CustomEvent("panel", { detail: { name: here.dataset.panel, loaded: true } }));
  });
  for (const trouble of ["htmx:responseError", "htmx:sendError"]) {
    root.addEventListener(trouble, (event) => {
      if (event.detail.target !== side) return;
      const said = document.createElement("p");
      said.className = "muted small";
      said.textContent = side.dataset.failed;
      side.replaceChildren(said);
    });
  }
  if (document.getElementById("studio-aside").hasAttribute("data-open")) openKept();
}
