/**
 * Who else is in the book, and what changed in it: one event stream for the whole studio (templates/studio/here.html).
 *
 * The page says every fifteen seconds that it is here and shows who else is; "people" of the stream asks at once. "changed"
 * is passed on: as "changed", for the text, and as "marks", for what stands beside it.
 */
import { EventStream } from "../events.js";

const BEAT_MS = 15_000;

export function start({ events }) {
  const place = document.getElementById("studio-people");
  const { here, chapter, events: address } = place.dataset;
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const tab = crypto.randomUUID();
  let shown = "";

  const say = (more = {}) => {
    const body = new FormData();
    for (const [name, value] of Object.entries({ tab, chapter, ...more })) body.set(name, value);
    return fetch(here, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": token() } });
  };

  async function beat() {
    const response = await say().catch(() => null);
    const html = response?.ok && !response.redirected ? await response.text() : "";
    if (html === shown) return;
    shown = html;
    const open = place.querySelector("details")?.open;
    const focused = place.contains(document.activeElement);
    place.innerHTML = html; // rendered and escaped by the server
    place.querySelector("details")?.toggleAttribute("open", Boolean(open));
    if (focused) place.querySelector("summary")?.focus();
  }

  const stream = new EventStream({
    look: () => { for (const name of ["changed", "marks"]) events.dispatchEvent(new CustomEvent(name)); },
    restart() {},
    words: () => true,
    people: beat,
  });
  const arrive = () => {
    beat();
    if (address) stream.open(address);
  };
  arrive();
  setInterval(beat, BEAT_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  addEventListener("pagehide", () => { stream.close(); say({ leaving: "1" }).catch(() => {}); });
  addEventListener("pageshow", (event) => { if (event.persisted) arrive(); });
}
