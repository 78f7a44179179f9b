/**
 * The event stream of work under way, and what stands in for it.
 *
 * Events of /events/… (core.events, books.jobs.live):
 *   changed  {}                    the state is to be read again
 *   restart  {chapter, text}       what stands of a chapter is exactly this; an answer of the chat has no chapter
 *   people   {}                    somebody came to the book, or went (core.presence)
 *   words    {chapter, at, text}   more of it; `at` is the number of code points that came before
 *
 * Without events the page asks every five seconds, and now and then tries for events again.
 */
const QUIET_MS = 150;
const POLL_MS = 5000;
const REOPEN_MS = 1000;
const POLLS_UNTIL_NEW_TRY = 6;

export class EventStream {
  #source = null;
  #address = "";
  #errors = 0;
  #polls = 0;
  #polling = 0;
  #waiting = 0;
  #reopening = 0;

  /** `look` reads the state again; `restart` and `words` take their events, `words` says false when words before are missing. */
  constructor({ look, restart, words, people = () => {} }) {
    this.look = look;
    this.restart = restart;
    this.words = words;
    this.people = people;
  }

  open(address) {
    this.close();
    this.#address = address;
    this.#errors = 0;
    this.#connect();
  }

  close() {
    this.#disconnect();
    clearTimeout(this.#reopening);
    this.#stopAsking();
  }

  #connect() {
    this.#disconnect();
    if (!window.EventSource) {
      this.#ask();
      return;
    }
    const source = new EventSource(this.#address);
    const on = (name, take) => source.addEventListener(name, (event) => {
      this.#errors = 0;
      this.#stopAsking();
      take(JSON.parse(event.data));
    });
    on("changed", () => this.#lookSoon());
    on("people", () => this.people());
    on("restart", (data) => this.restart(data));
    on("words", (data) => { if (!this.words(data)) this.#reopen(); });
    source.addEventListener("error", () => this.#failed(source));
    this.#source = source;
  }

  #disconnect() {
    this.#source?.close();
    this.#source = null;
  }

  /** Something was missed: begin anew, without Last-Event-ID, from a snapshot. */
  #reopen() {
    this.#disconnect();
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => this.#connect(), REOPEN_MS);
  }

  /** The browser comes back by itself once; twice in a row without an event means there are none to be had now. */
  #failed(source) {
    this.#errors += 1;
    if (this.#errors < 2 && source.readyState !== EventSource.CLOSED) return;
    this.#disconnect();
    this.#lookSoon();
    this.#ask();
  }

  /** Many changes at once are one look; the first of them starts the clock, so a busy run cannot hold it off. */
  #lookSoon() {
    this.#waiting ||= setTimeout(() => {
      this.#waiting = 0;
      this.look();
    }, QUIET_MS);
  }

  #ask() {
    this.#polling ||= setInterval(() => {
      this.#polls += 1;
      this.look();
      if (window.EventSource && this.#polls % POLLS_UNTIL_NEW_TRY === 0) this.#connect();
    }, POLL_MS);
  }

  #stopAsking() {
    clearInterval(this.#polling);
    this.#polling = 0;
  }
}

/** What is new of words that begin at `at` to whoever has `length` code points: an array of them, or null when some are missing. */
export function beyond(length, at, text) {
  return at > length ? null : Array.from(text).slice(length - at);
}
