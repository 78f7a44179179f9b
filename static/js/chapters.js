/**
 * The chapters of a book: their order by drag and keys, shown at once and then told to the server, one move after the other.
 *
 * The answer is the list as it stands now: when somebody else has moved chapters too, theirs and ours are both in it.
 */
import { order } from "./order.js";

const root = document.getElementById("chapters");
let queue = Promise.resolve();

function prepare() {
  const list = root.querySelector("[data-chapters]");
  if (!list) return;
  for (const handle of list.querySelectorAll("[data-handle]")) handle.hidden = false;
  list.querySelector("[data-chapters-help]").hidden = false;
  order(list.querySelector(".chapters"), {
    handle: "[data-handle]",
    onMove: (item, to, moved = true) => {
      number(list);
      say(list, moved ? list.dataset.moved : list.dataset.kept, item, to);
      if (moved) queue = queue.then(() => send(list, item.dataset.chapter, to + 1));
    },
  });
}

/** Places follow the order; the ends of the list cannot move further. */
function number(list) {
  const items = [...list.querySelectorAll("[data-chapter]")];
  items.forEach((item, index) => {
    item.querySelector("[data-number]").textContent = index + 1;
    item.querySelector("[name=up]").disabled = index === 0;
    item.querySelector("[name=down]").disabled = index === items.length - 1;
  });
}

function say(list, words, item, to) {
  const said = words.replace("{title}", item.querySelector("[data-title]")?.textContent ?? "").replace("{place}", to + 1);
  list.querySelector("[data-chapters-status]").textContent = said.replace("{last}", list.querySelectorAll("[data-chapter]").length);
}

async function send(list, chapter, place) {
  const form = document.getElementById("chapters-form");
  const body = new FormData(form);
  body.set("chapter", chapter);
  body.set("to", place);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(answer.status);
    compare(await answer.text());
  } catch {
    list.querySelector("[data-chapters-status]").textContent = list.dataset.failed;
    window.htmx?.ajax("GET", location.pathname, { target: "#chapters" });
  }
}

/** Another order than ours is somebody else's: take theirs, and keep the keyboard where it was. */
function compare(html) {
  const theirs = new DOMParser().parseFromString(html, "text/html");
  const ids = (within) => [...within.querySelectorAll("[data-chapter]")].map((one) => one.dataset.chapter).join();
  if (ids(theirs) === ids(root)) return;
  const held = document.activeElement?.closest("[data-chapter]")?.id;
  root.replaceChildren(...theirs.body.children);
  window.htmx?.process(root);
  prepare();
  if (held) document.getElementById(held)?.querySelector("[data-handle]")?.focus();
}

/** A line being renamed is left by Escape. */
root.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest("[data-line]")?.querySelector("a").click();
});

/** The saved line comes back as the whole list, a refused one as itself. */
root.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 200 && event.detail.requestConfig.verb === "post") event.detail.target = root;
  if (event.detail.target === root) event.detail.swapOverride = "innerHTML";
});
root.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === root) prepare();
  root.querySelector("[data-line] [name=title]")?.focus();
});
prepare();
