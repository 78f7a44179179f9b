/**
 * The run page, alive: its state is read again whenever something changed, and chapters appear word by word.
 *
 * Events of /events/…/runs/<id>/ (core.events, books.jobs.live):
 *   changed  {}                    the state is to be read again
 *   restart  {chapter, text}       what stands of a chapter is exactly this
 *   words    {chapter, at, text}   more of it; `at` is the number of code points that came before
 *
 * Without events the page asks every five seconds; without this module the browser reloads it by itself.
 */
const QUIET_MS = 150;
const POLL_MS = 5000;
const REOPEN_MS = 1000;
const POLLS_UNTIL_NEW_TRY = 6;
const AT_END_PX = 32;

const progress = document.getElementById("progress");
const status = document.getElementById("run-status");
const streams = document.getElementById("streams");

const codePoints = (text) => Array.from(text);

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
    this.length = codePoints(text).length;
  }

  /** Take what is new of `text`; false when something before it is missing. */
  words(at, text) {
    if (at > this.length) return false;
    const points = codePoints(text);
    const known = this.length - at;
    if (known < points.length) {
      this.change(() => this.text.appendData(known ? points.slice(known).join("") : text));
      this.length = at + points.length;
    }
    return true;
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
let source = null;
let errors = 0;
let polling = 0;
let polls = 0;
let waiting = 0;
let reopening = 0;

const stepOf = (chapter) => progress.querySelector(`[data-kind=chapter][data-number="${chapter}"]`);
const isOver = () => progress.querySelector("[data-over]")?.dataset.over === "true";

function streamOf(chapter) {
  if (!shown.has(chapter)) shown.set(chapter, new Stream(chapter));
  return shown.get(chapter);
}

/** Ask for the `progress` part through the link that shows the whole page to whoever clicks it. */
function refresh() {
  waiting = 0;
  const link = document.getElementById("run-refresh");
  if (link) link.dispatchEvent(new Event("refresh"));
}

/** Many changes at once are one look; the first of them starts the clock, so a busy run cannot hold it off. */
function refreshSoon() {
  waiting ||= setTimeout(refresh, QUIET_MS);
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

function close() {
  source?.close();
  source = null;
  clearTimeout(reopening);
  clearInterval(polling);
  polling = 0;
}

function poll() {
  polls += 1;
  refresh();
  if (window.EventSource && polls % POLLS_UNTIL_NEW_TRY === 0) open();
}

function open() {
  source?.close();
  source = null;
  if (!window.EventSource) {
    polling ||= setInterval(poll, POLL_MS);
    return;
  }
  source = new EventSource(streams.dataset.events);
  source.addEventListener("changed", () => { arrived(); refreshSoon(); });
  source.addEventListener("restart", (event) => {
    arrived();
    const { chapter, text } = JSON.parse(event.data);
    streamOf(chapter).restart(text);
  });
  source.addEventListener("words", (event) => {
    arrived();
    const { chapter, at, text } = JSON.parse(event.data);
    if (!streamOf(chapter).words(at, text)) reopen();
  });
  source.addEventListener("error", failed);
}

/** Events do arrive: stop asking. */
function arrived() {
  errors = 0;
  clearInterval(polling);
  polling = 0;
}

/** The browser comes back by itself once; twice in a row without an event means there are none to be had now. */
function failed() {
  errors += 1;
  if (errors < 2 && source.readyState !== EventSource.CLOSED) return;
  source.close();
  source = null;
  refreshSoon();
  polling ||= setInterval(poll, POLL_MS);
}

/** Something was missed: begin anew, without Last-Event-ID, from a snapshot. */
function reopen() {
  source.close();
  clearTimeout(reopening);
  reopening = setTimeout(open, REOPEN_MS);
}

document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== progress) return;
  settle();
  announce();
  if (isOver()) {
    close();
    streams.remove();
  }
});

// A page kept in the browser's memory holds no connection; when it is shown again it looks again.
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", (event) => {
  if (!event.persisted || isOver()) return;
  refresh();
  open();
});

if (streams) {
  announce();
  open();
}
