/**
 * The run page, alive: its state is read again whenever something changed, and chapters appear word by word.
 *
 * Without this module the browser reloads the page by itself.
 */
import { EventStream, beyond } from "./events.js";

const AT_END_PX = 32;

const progress = document.getElementById("progress");
const status = document.getElementById("run-status");
const streams = document.getElementById("streams");

/** One chapter as it is being written. */
class Stream {
  constructor(chapter) {
    const block = streams.querySelector("template").content.firstElementChild.cloneNode(true);
    const label = block.dataset.label.replace("{number}", chapter);
    block.querySelector(".live-label").textContent = label;
    block.querySelector(".stream-title").textContent = stepOf(chapter)?.querySelector(".step-title").textContent.trim() ?? "";
    block.setAttribute("aria-label", label);
    this.scroller = block.querySelector(".stream-scroll");
    this.scroller.setAttribute("aria-label", label);
    this.chapter = chapter;
    this.block = block;
    this.text = document.createTextNode("");
    this.length = 0;
    block.querySelector(".live-text").append(this.text);
    const after = [...shown.values()].find((other) => other.chapter > chapter);
    if (after) after.block.before(block);
    else streams.append(block);
  }

  restart(text) {
    this.change(() => { this.text.data = text; });
    this.length = Array.from(text).length;
  }

  /** Take what is new of `text`; false when something before it is missing. */
  words(at, text) {
    const points = beyond(this.length, at, text);
    if (points?.length) this.change(() => this.text.appendData(points.join("")));
    this.length += points?.length ?? 0;
    return points !== null;
  }

  /** Change the text, and follow its end only if the reader is there. */
  change(write) {
    const { scroller } = this;
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
    write();
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }
}

const shown = new Map();
const events = new EventStream({
  look: refresh,
  restart: ({ chapter, text }) => streamOf(chapter).restart(text),
  words: ({ chapter, at, text }) => streamOf(chapter).words(at, text),
});

const stepOf = (chapter) => progress.querySelector(`[data-kind=chapter][data-number="${chapter}"]`);
const isOver = () => progress.querySelector("[data-over]")?.dataset.over === "true";

function streamOf(chapter) {
  if (!shown.has(chapter)) shown.set(chapter, new Stream(chapter));
  return shown.get(chapter);
}

/** Ask for the `progress` part through the link that shows the whole page to whoever clicks it. */
function refresh() {
  document.getElementById("run-refresh")?.dispatchEvent(new Event("refresh"));
}

/** Chapters that are no longer being written leave the live column: they can be read whole. */
function settle() {
  for (const [chapter, stream] of shown) {
    const step = stepOf(chapter);
    if (step && step.dataset.state !== "working" && step.dataset.state !== "open") {
      stream.block.remove();
      shown.delete(chapter);
    }
  }
}

function announce() {
  const text = progress.querySelector("[data-status]")?.textContent.trim() ?? "";
  if (status.textContent !== text) status.textContent = text;
}

const follow = () => events.open(streams.dataset.events);

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== progress) return;
  settle();
  announce();
  if (isOver()) {
    events.close();
    streams.remove();
  }
});

// A page kept in the browser's memory holds no connection; when it is shown again it looks again.
window.addEventListener("pagehide", () => events.close());
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || isOver()) return;
  refresh();
  follow();
});

if (streams) {
  announce();
  follow();
}
