/**
 * The mode in which what one types is suggested: the text stays as it is, the server makes suggestions of every difference.
 *
 * The only way to type for who may not change the text; everybody else turns it on and off.
 */
import { say } from "./notice.js";

export class Suggesting {
  #base = "";

  constructor(studio, place, look) {
    Object.assign(this, { studio, place, words: place.dataset, look });
    this.bar = document.getElementById("suggest-bar");
    this.button = studio.root.querySelector("[data-studio=suggest]");
    this.mayEdit = studio.data.mayEdit === "true";
  }

  get possible() {
    return this.studio.data.maySuggest === "true";
  }

  get changed() {
    return Boolean(this.studio.suggesting) && this.studio.editor.text() !== this.#base;
  }

  begin() {
    if (!this.possible) return;
    const press = (name, act) => this.bar.querySelector(`[data-suggest=${name}]`).addEventListener("click", act);
    press("send", () => this.send());
    press("fits", () => this.send({ what_fits: "on" }));
    press("leave", () => this.toggle());
    const dialog = document.getElementById("suggest-discard");
    dialog.addEventListener("close", () => { if (dialog.returnValue === "discard") this.#leave(); });
    addEventListener("beforeunload", (event) => { if (this.changed) event.preventDefault(); });
    this.studio.events.addEventListener("typed", () => this.#show());
  }

  /** Begin, or stop; what is typed and not sent yet is asked about. */
  toggle() {
    if (!this.possible) return;
    if (!this.studio.suggesting) this.enter();
    else if (!this.changed) this.#leave();
    else document.getElementById("suggest-discard").showModal();
  }

  async enter() {
    const { editor, root } = this.studio;
    if (this.studio.suggesting) return editor.focus();
    if (this.mayEdit && (await this.studio.save?.()) === false) return say(this.words.sayUnsaved, "warning");
    this.#base = editor.text();
    this.studio.suggesting = true;
    editor.marks.set([], "notes");
    editor.readOnly(false);
    root.toggleAttribute("data-suggesting", true);
    this.button?.setAttribute("aria-pressed", "true");
    this.bar.hidden = false;
    this.#show();
    editor.focus();
  }

  #show() {
    if (!this.studio.suggesting) return;
    this.bar.querySelector("[data-suggest=send]").disabled = !this.changed;
  }

  /** Back to the text as it stands. */
  #leave() {
    const { editor, events, root } = this.studio;
    editor.setText(this.#base);
    editor.readOnly(!this.mayEdit);
    this.studio.suggesting = false;
    root.toggleAttribute("data-suggesting", false);
    this.button?.setAttribute("aria-pressed", "false");
    this.bar.hidden = true;
    this.bar.querySelector("[data-suggest=fits]").hidden = true;
    events.dispatchEvent(new CustomEvent("stale"));
    this.look();
  }

  async send(more = {}) {
    const body = new FormData(this.bar.querySelector("form"));
    for (const [name, value] of Object.entries({ base: this.#base, markdown: this.studio.editor.text(), ...more })) body.set(name, value);
    const buttons = [...this.bar.querySelectorAll("button")];
    for (const one of buttons) one.disabled = true;
    const answer = await fetch(this.words.suggest, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
    for (const one of buttons) one.disabled = false;
    const said = answer?.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : null;
    if (answer?.ok && said) {
      say(said.message, said.dropped ? "warning" : "success");
      this.#leave();
      this.studio.events.dispatchEvent(new CustomEvent("panel", { detail: { name: "suggestions" } }));
      return;
    }
    this.bar.querySelector("[data-suggest=fits]").hidden = answer?.status !== 409;
    say(said?.error.message ?? this.words.sayFailed, "error");
  }
}
