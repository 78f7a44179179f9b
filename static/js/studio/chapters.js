/**
 * The studio's list of chapters: moved by dots or by Alt with an arrow key, told to the server one move after the other; and the
 * link that splits this chapter where the cursor stands.
 */
import { order } from "../order.js";

export function start({ events, editor }) {
  const tools = document.querySelector("[data-arrange]");
  const list = document.querySelector("#studio-chapters ol");
  if (!tools || !list) return;
  const status = tools.querySelector("[role=status]");
  let queue = Promise.resolve();

  const titleOf = (item) => item.querySelector(".contents-title").textContent;
  const idOf = (item) => item.querySelector("a").pathname.split("/").at(-3);

  for (const item of list.children) {
    const handle = tools.querySelector("template").content.firstElementChild.cloneNode(true);
    handle.querySelector(".sr-only").textContent = tools.dataset.move.replace("{title}", titleOf(item));
    item.prepend(handle);
  }

  function number() {
    [...list.children].forEach((item, index) => { item.querySelector(".steps-number").textContent = index + 1; });
  }

  async function send(item, place) {
    const body = new FormData(document.getElementById("studio-form"));
    body.delete("markdown");
    body.set("chapter", idOf(item));
    body.set("to", place);
    try {
      const answer = await fetch(tools.dataset.arrange, { method: "POST", body, headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
    } catch {
      status.textContent = tools.dataset.failed;
    }
  }

  order(list, {
    handle: "[data-handle]",
    onMove: (item, to, moved = true) => {
      number();
      const words = moved ? tools.dataset.moved : tools.dataset.kept;
      status.textContent = words.replace("{title}", titleOf(item)).replace("{place}", to + 1).replace("{last}", list.children.length);
      if (moved) queue = queue.then(() => send(item, to + 1));
    },
  });

  // The page that splits cuts what is stored: wait until what was typed is.
  const split = tools.querySelector("[data-split]");
  split?.addEventListener("click", () => {
    const url = new URL(split.href);
    url.searchParams.set("at", editor.selection().start);
    split.href = url;
  });
  events.addEventListener("typed", () => split?.setAttribute("aria-disabled", "true"));
  events.addEventListener("saved", () => split?.removeAttribute("aria-disabled"));
}
