/**
 * Comments and suggestions in the studio: marks over the text, the panels beside it, and the way from one to the other.
 *
 * Marks are fetched for the text the server has: while something is unsaved they wait, and move with the text by
 * themselves. What is sent from a panel that needs the text as it stands waits until it is saved.
 */
import "../notes.js";
import { offer } from "./mentions.js";
import { say } from "./notice.js";
import { Suggesting } from "./suggesting.js";

const QUIET_MS = 250;
const PANELS = { comment: "comments", suggestion: "suggestions" };
const narrow = matchMedia("(max-width: 60rem)"); // there the panel lies over the text

class Notes {
  #timer = 0;
  #unsaved = false;
  #stamp = ""; // tells one state of all notes from another
  #selection = null; // what was selected last: the panel's forms are about it
  #after = null; // what is done once the panel asked for is there

  constructor(studio, place) {
    Object.assign(this, { studio, place, words: place.dataset });
    this.side = document.getElementById("studio-side");
    this.suggesting = new Suggesting(studio, place, () => this.look());
  }

  begin() {
    const { editor, events, root } = this.studio;
    const touched = (unsaved) => () => { this.#unsaved = unsaved; };
    events.addEventListener("typed", touched(true));
    for (const name of ["saved", "replaced"]) events.addEventListener(name, touched(false));
    for (const name of ["saved", "replaced", "marks"]) events.addEventListener(name, () => this.look());
    events.addEventListener("selected", ({ detail }) => this.#selected(detail));
    events.addEventListener("panel", ({ detail }) => { if (detail?.loaded) this.#loaded(); });
    editor.marks.onOpen((id, kind) => this.open(id, kind));
    this.side.addEventListener("htmx:confirm", (event) => this.#saveFirst(event));
    this.side.addEventListener("htmx:afterSettle", (event) => this.#settled(event));
    this.side.addEventListener("click", (event) => this.#click(event));
    this.side.addEventListener("toggle", (event) => this.#fill(event.target), true);
    root.querySelector("[data-studio=comment]")?.addEventListener("click", () => this.comment());
    root.querySelector("[data-studio=suggest]")?.addEventListener("click", () => this.suggesting.toggle());
    this.suggesting.begin();
    this.look();
  }

  /** Fetch the marks soon; many reasons at once are one look. */
  look() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fetch(), QUIET_MS);
  }

  async #fetch() {
    const { studio } = this;
    if (this.#unsaved || studio.suggesting) return; // "saved" asks again
    const answer = await fetch(this.words.marks, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || this.#unsaved || studio.suggesting) return;
    const { marks, stamp } = await answer.json();
    const points = [...studio.editor.text()];
    // What stands elsewhere here belongs to a text that is on its way: its marks come after it.
    const here = marks.filter((mark) => points.slice(mark.start, mark.end).join("") === mark.quote);
    studio.editor.marks.set(here, "notes");
    if (this.#stamp && this.#stamp !== stamp) this.#refresh();
    this.#stamp = stamp;
    this.#arrive();
  }

  /** Somebody else said or decided something: the panel is read again, unless somebody is at work in it. */
  #refresh() {
    const { panel } = this;
    if (!panel || panel.contains(document.activeElement) || panel.querySelector("details[open]")) return;
    window.htmx.ajax("GET", panel.dataset.now, { target: "#panel", select: "#panel", swap: "outerHTML" });
  }

  /** A link that names a note leads to it, once. */
  #arrive() {
    const id = location.hash.startsWith("#note-") && location.hash.slice("#note-".length);
    if (!id) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (!this.studio.editor.marks.show(id)) say(this.words.sayGone, "warning");
  }

  /** Show a note in its panel, which opens if it must. */
  open(id, kind) {
    const name = PANELS[kind];
    if (!name) return;
    this.studio.editor.marks.show(id);
    this.#within(name, () => this.#bring(id, name));
  }

  #bring(id, name) {
    const card = document.getElementById(`note-${id}`);
    if (card) {
      this.#light(card);
      card.scrollIntoView({ block: "nearest" });
    } else if (this.panel?.dataset.notes === name && !this.panel.dataset.at) {
      // It is on another page of the list: the page that begins with it.
      window.htmx.ajax("GET", `${this.panel.dataset.here}?at=${id}`, { target: "#panel", select: "#panel", swap: "outerHTML" });
      this.#after = () => this.#bring(id, name);
    }
  }

  #light(card) {
    for (const one of this.side.querySelectorAll("[data-lit]")) one.removeAttribute("data-lit");
    card.dataset.lit = "true";
  }

  get panel() {
    return this.side.querySelector("#panel[data-notes]");
  }

  /** Do something in a panel: now if it is there, else once it is. */
  #within(name, act) {
    this.#aside(true);
    if (this.panel?.dataset.notes === name) return act();
    this.#after = act;
    this.studio.events.dispatchEvent(new CustomEvent("panel", { detail: { name } }));
  }

  #aside(open) {
    const button = this.studio.root.querySelector("[data-drawer=studio-aside]");
    if (button?.getAttribute("aria-expanded") === String(!open)) button.click();
  }

  #loaded() {
    if (!this.panel) return;
    offer(this.panel);
    const act = this.#after;
    this.#after = null;
    act?.();
  }

  /** The panel answered: after a decision the text is another. */
  #settled(event) {
    if (!this.panel) return;
    this.#loaded();
    if (event.detail.requestConfig?.verb !== "post") return;
    if (this.panel.dataset.notes === "suggestions") this.studio.events.dispatchEvent(new CustomEvent("stale"));
    this.look();
  }

  async #saveFirst(event) {
    if (event.detail.verb !== "post" || !this.#unsaved || this.studio.suggesting) return;
    event.preventDefault();
    await this.studio.save?.();
    event.detail.issueRequest(true);
  }

  #click(event) {
    const shown = event.target.closest("[data-show]");
    if (shown && !(event.metaKey || event.ctrlKey || event.shiftKey)) {
      event.preventDefault();
      this.#light(shown.closest("[data-note]"));
      if (narrow.matches) this.#aside(false);
      if (this.studio.editor.marks.show(shown.dataset.show)) this.studio.editor.focus();
      else say(this.words.sayGone, "warning");
    }
    if (event.target.closest("[data-suggest-mode]") && this.suggesting.possible) {
      event.preventDefault();
      if (narrow.matches) this.#aside(false);
      this.suggesting.enter();
    }
  }

  #selected({ start, end, text }) {
    if (text.trim()) this.#selection = { start, end, text };
    // The card of the passage the cursor is in.
    const node = document.getSelection()?.anchorNode;
    const mark = (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.("[data-mark]");
    const card = mark && document.getElementById(`note-${mark.dataset.mark}`);
    if (card && this.side.contains(card)) this.#light(card);
  }

  /** A form of the panel is opened: it is about what was selected. */
  #fill(details) {
    if (!details.matches?.(".note-new[open]")) return;
    const form = details.querySelector("form");
    const chosen = this.#selection;
    const passage = form.querySelector("[data-passage]");
    passage.hidden = !chosen;
    form.querySelector("[data-paragraph]").hidden = Boolean(chosen);
    if (!chosen) return;
    passage.textContent = chosen.text;
    form.elements.quote.value = chosen.text;
    form.elements.start.value = chosen.start;
    form.elements.paragraph.value = "";
    if (form.elements.proposal && !form.elements.proposal.value) form.elements.proposal.value = chosen.text;
  }

  /** A new comment on what is selected. */
  comment() {
    const now = this.studio.editor.selection();
    this.#selection = now.text.trim() ? now : null;
    this.#within("comments", () => {
      const details = document.getElementById("note-new");
      details.open = false;
      details.open = true;
      this.#fill(details);
      details.querySelector("textarea").focus();
    });
  }
}

export function start(studio) {
  const place = document.getElementById("notes");
  if (place) new Notes(studio, place).begin();
}
