/**
 * The chat, alive: answers appear word by word, Enter sends, ideas are copied.
 *
 * Without this module the browser reloads the page by itself.
 */
import { EventStream, beyond } from "./events.js";

const AT_END_PX = 120;

const status = document.getElementById("chat-status");
const conversation = document.getElementById("conversation");
const events = new EventStream({ look: refresh, restart, words });

let following = "";
let written = "";

const answering = () => conversation?.querySelector("[data-events]");
const composer = () => document.querySelector("[data-composer]");

/** Whether the end of the page is in sight: only then does the page move with the words. */
function isAtEnd() {
  const { scrollHeight, scrollTop, clientHeight } = document.scrollingElement;
  return scrollHeight - scrollTop - clientHeight < AT_END_PX;
}

function toEnd() {
  document.scrollingElement.scrollTop = document.scrollingElement.scrollHeight;
}

/** Put what has come so far where it belongs: the place may be a new one after a swap. */
function show() {
  const place = answering()?.querySelector(".live-text");
  if (!place || place.textContent === written) return;
  const follows = isAtEnd();
  place.textContent = written;
  if (follows) toEnd();
}

function refresh() {
  document.getElementById("chat-refresh")?.dispatchEvent(new Event("refresh"));
}

function restart({ text }) {
  written = text;
  show();
}

function words({ at, text }) {
  const points = beyond(Array.from(written).length, at, text);
  if (points) written += points.join("");
  show();
  return points !== null;
}

/** Follow the answer under way, if there is one and it is not followed already. */
function follow() {
  const address = answering()?.dataset.events ?? "";
  if (address === following) {
    show();
    return;
  }
  following = address;
  written = "";
  if (address) events.open(address);
  else events.close();
}

/** Say once how the last exchange stands now; not its words as they come. */
function announce() {
  const last = [...conversation.querySelectorAll("[data-exchange]")].at(-1);
  const state = last ? `${last.dataset.exchange} ${last.dataset.state}` : "";
  if (state === announce.said) return;
  const changed = announce.said !== undefined;
  announce.said = state;
  if (!changed || !last) return;
  const { waiting: underWay, done, ended } = status.dataset;
  const answer = last.querySelector(".prose, .ideas")?.innerText ?? "";
  if (answering()) status.textContent = underWay;
  else status.textContent = answer ? `${done} ${answer}` : ended;
}

/** What only this module can do is shown by it. */
function furnish() {
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.firstChild;
  button.dataset.label ??= label.data;
  label.data = button.dataset.copied;
  if (status) status.textContent = button.dataset.copied;
  setTimeout(() => { label.data = button.dataset.label; }, 2000);
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-composer]") || event.isComposing) return;
  if (event.key === "Escape") {
    document.getElementById("chat-stop")?.focus();
  } else if (event.key === "Enter" && !event.shiftKey && !matchMedia("(pointer: coarse)").matches) {
    event.preventDefault();
    if (event.target.value.trim()) event.target.form.requestSubmit();
  }
});

document.body.addEventListener("htmx:afterSettle", (event) => {
  const whole = event.target.id === "conversation";
  if (!whole && event.target.id !== "turns") return;
  furnish();
  follow();
  announce();
  if (whole) {
    toEnd();
    composer()?.focus();
  }
});

// How the page stood before a swap decides whether it moves with it.
let wasAtEnd = false;
document.body.addEventListener("htmx:beforeSwap", () => { wasAtEnd = isAtEnd(); });
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id === "turns" && wasAtEnd) toEnd();
});

window.addEventListener("pagehide", () => events.close());
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || !conversation) return;
  following = "";
  refresh();
  follow();
});

furnish();
if (conversation) {
  follow();
  announce();
}
// Once the browser has gone to the fragment by itself: it takes the focus away again.
window.addEventListener("load", () => {
  if (location.hash !== "#composer") return;
  toEnd();
  composer()?.focus({ preventScroll: true });
});
