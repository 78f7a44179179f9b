/**
 * The assistant beside the text: the selected passage goes into the order and its price, words come as they are written,
 * and what is taken or suggested is shown in the text.
 *
 * The panel is HTML of the server (templates/books/assistant.html, rewrite.html, review.html); what is posted from it waits
 * until the text is saved (notes.js).
 */
import { EventStream, beyond } from "../events.js";

const SHOWN = 240; // characters of the passage, in the form
const ACTS = { translate: "translate", suggest: "suggest" }; // any other task is priced as a rewrite

const wordsOf = (text) => text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
const counted = (number, { one, other }) => (number === 1 ? one : other).replace("{number}", number.toLocaleString(document.documentElement.lang));

class Assistant {
  #chosen = null;
  #stream = null;
  #address = "";
  #written = "";

  constructor(studio) {
    this.studio = studio;
    this.side = document.getElementById("studio-side");
  }

  get panel() {
    return this.side.querySelector("[data-panel=assistant]");
  }

  begin() {
    const { events, root } = this.studio;
    events.addEventListener("selected", ({ detail }) => this.#selected(detail));
    this.side.addEventListener("htmx:afterSettle", () => this.#shown());
    this.side.addEventListener("htmx:beforeSwap", ({ detail }) => {
      if (this.panel && detail.xhr.status === 409) detail.shouldSwap = true; // both texts, as they are now
    });
    this.side.addEventListener("change", () => this.#price());
    this.side.addEventListener("click", (event) => {
      if (event.target.closest("[data-whole]")) this.#choose(null);
    });
    root.querySelector("[data-studio=assistant]")?.addEventListener("click", () => this.#open());
    addEventListener("pagehide", () => this.#close());
  }

  #open() {
    this.studio.events.dispatchEvent(new CustomEvent("panel", { detail: { name: "assistant" } }));
    this.panel?.querySelector("[name=task]:checked, a, button")?.focus();
  }

  #selected({ start, end, text }) {
    this.#choose(text.trim() ? { start, end, text } : null);
  }

  #choose(chosen) {
    this.#chosen = chosen;
    this.#fill();
  }

  #shown() {
    const { panel } = this;
    const live = panel?.querySelector("[data-live]");
    if (live) this.#follow(live);
    else this.#close();
    if (!panel) return;
    const tell = (name) => this.studio.events.dispatchEvent(new CustomEvent(name));
    if (panel.dataset.taken) tell("stale");
    if ("marked" in panel.dataset) tell("marks");
    delete panel.dataset.taken;
    delete panel.dataset.marked;
    this.#fill();
  }

  /** Say in the form which passage the order is about. */
  #fill() {
    const form = this.panel?.querySelector("[data-assistant-form]");
    if (!form) return;
    const chosen = this.#chosen;
    const passage = form.querySelector("[data-passage]");
    form.querySelector("[data-paragraphs]").hidden = true;
    form.querySelector("[data-select-hint]").hidden = Boolean(chosen);
    passage.hidden = !chosen;
    for (const name of ["first", "last"]) form.elements[name].value = "";
    for (const name of ["start", "end"]) form.elements[name].value = chosen ? chosen[name] : "";
    form.elements.quote.value = chosen?.text ?? "";
    if (chosen) {
      const line = chosen.text.trim();
      passage.querySelector("[data-passage-text]").textContent = line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
      const said = passage.querySelector("[data-passage-said]");
      said.textContent = counted(wordsOf(line), said.dataset);
    }
    this.#price();
  }

  /** Prices of what is chosen; the one of the task is what is agreed to. */
  #price() {
    const form = this.panel?.querySelector("[data-assistant-form]");
    if (!form) return;
    const words = Math.max(1, wordsOf(this.#chosen?.text ?? this.studio.editor.text()));
    const act = ACTS[form.elements.task.value] ?? "rewrite";
    for (const line of form.querySelectorAll("[data-act]")) {
      const credits = Number(line.dataset.credits) * Math.ceil(words / Number(line.dataset.per));
      const shown = line.querySelector("[data-price]");
      shown.textContent = counted(credits, shown.dataset);
      if (line.dataset.act === act) form.querySelector("[data-accepted]").value = credits;
    }
  }

  /** Words of an order as they come; the same stream goes on when its panel is shown again. */
  #follow(live) {
    this.live = live.querySelector(".live-text");
    if (this.#address !== live.dataset.live) {
      this.#close();
      this.#address = live.dataset.live;
      this.#written = "";
      this.#stream = new EventStream({
        look: () => this.panel?.querySelector("[data-refresh]")?.dispatchEvent(new Event("refresh")),
        restart: ({ text }) => this.#write(text),
        words: ({ at, text }) => this.#append(at, text),
      });
      this.#stream.open(this.#address);
    }
    this.#write(this.#written);
  }

  #append(at, text) {
    const points = beyond(Array.from(this.#written).length, at, text);
    if (points?.length) this.#write(this.#written + points.join(""));
    return points !== null;
  }

  #write(text) {
    this.#written = text;
    if (this.live) this.live.textContent = text;
  }

  #close() {
    this.#stream?.close();
    this.#stream = null;
    this.#address = "";
  }
}

export function start(studio) {
  new Assistant(studio).begin();
}
