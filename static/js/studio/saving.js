/**
 * Saving: a second after the last key, every four seconds while one types on, when the page is left, and by Mod-S.
 *
 * `base` is the text the server has under `version`, as far as this page knows: what differs from it is unsaved, and on
 * this device as a draft until the server has it. One request is under way at a time, with the newest text; but a text whose
 * answer was lost is sent again as it was, before what was typed since: the server knows a text it has, and nobody meets
 * their own words. What meets another text is merged; where both changed one paragraph, its writer chooses.
 */
import * as drafts from "./drafts.js";
import { choose, compare, composed } from "./meeting.js";
import { dismiss, offer } from "./offers.js";
import { Wire } from "./wire.js";

const QUIET_MS = 1000;
const LONGEST_MS = 4000;
const PAUSE_MS = 900; // nobody is interrupted by a dialog while typing
const RETRY_MS = [1000, 2000, 5000, 10_000, 20_000, 30_000];
const LOST = new Set(["away", "busy", "signed-out"]); // answers that leave open what the server has
const KEEPALIVE_BYTES = 60_000; // what browsers still send for a page that is gone

class Saver {
  #saving = null;
  #timer = 0;
  #since = 0; // when the oldest unsaved key was pressed
  #pressed = 0; // and the newest
  #tries = 0;
  #lost = null; // the text that was sent, as long as nobody knows whether it arrived
  #deciding = false;
  #putOff = false; // a conflict waits to be decided: until then all of it stays on this device
  #putting = null;
  #looking = null;

  constructor(studio) {
    this.studio = studio;
    this.editor = studio.editor;
    this.words = document.getElementById("saving").dataset;
    this.mayEdit = studio.data.mayEdit === "true";
    this.version = Number(studio.data.version);
    this.base = this.editor.text();
    this.tab = crypto.randomUUID();
    const token = document.querySelector("#studio-form [name=csrfmiddlewaretoken]");
    this.wire = new Wire({ token, person: this.words.person, text: this.words.text });
    this.channel = window.BroadcastChannel ? new BroadcastChannel(`chapter ${studio.data.chapter}`) : null;
  }

  get dirty() {
    return this.mayEdit && !this.studio.suggesting && (this.#lost ?? this.editor.text()) !== this.base;
  }

  begin() {
    const { events, root } = this.studio;
    events.addEventListener("changed", () => this.look());
    events.addEventListener("stale", () => this.look());
    addEventListener("pageshow", (event) => { if (event.persisted) this.look(); });
    addEventListener("online", () => this.#again());
    addEventListener("focus", () => this.#again());
    document.addEventListener("visibilitychange", () => this.#turned());
    this.#listen();
    if (!this.mayEdit) return;
    events.addEventListener("typed", () => this.#typed());
    root.addEventListener("focusout", () => { if (this.dirty) this.save(); });
    addEventListener("pagehide", () => this.#leave());
    addEventListener("beforeunload", (event) => { if (this.dirty && this.unkept) event.preventDefault(); });
    document.addEventListener("keydown", (event) => this.#key(event));
    drafts.hold(this.tab);
    this.#state("stands", "ok");
    this.#find();
  }

  /** Save what is typed now: settles with true once the server has it. */
  async save() {
    while (this.#saving) await this.#saving;
    if (!this.dirty) return true;
    if (this.#putOff) return false;
    this.#saving = this.#once().finally(() => { this.#saving = null; });
    const done = await this.#saving;
    if (this.dirty && done) this.#plan();
    return done;
  }

  /** Read what the chapter is by now: taken at once where nothing is unsaved, else merged by the next save. */
  async look() {
    await this.#saving;
    if (this.#deciding || this.studio.suggesting) return;
    this.#looking ??= this.wire.get(`${this.words.text}?version=${this.version}`).finally(() => { this.#looking = null; });
    const answer = await this.#looking;
    if (answer.kind !== "ok") {
      if (answer.kind === "signed-out") this.#signedOut(answer);
      return;
    }
    dismiss("session");
    const { markdown, version } = answer.data;
    if (markdown === undefined || version <= this.version || this.#saving || this.studio.suggesting) return;
    if (this.dirty) await this.save();
    else this.#take(markdown, version);
  }

  // ── What is typed ──

  #typed() {
    this.#pressed = Date.now();
    if (!this.dirty) {
      clearTimeout(this.#timer);
      this.#drop();
      this.#state("stands", "ok");
      return;
    }
    this.#keep();
    if (this.#tries || this.#putOff) return; // it is tried again anyway, or waits for a decision
    this.#state("unsaved", "busy");
    this.#plan();
  }

  #plan() {
    const now = Date.now();
    this.#since ||= now;
    this.#later(Math.max(0, Math.min(QUIET_MS, this.#since + LONGEST_MS - now)));
  }

  #later(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.save(), wait);
  }

  #again() {
    clearTimeout(this.#timer);
    return this.dirty ? this.save() : this.look();
  }

  /** Somebody asked for it. */
  #now() {
    this.#putOff = false;
    return this.#again();
  }

  #key(event) {
    const mod = event.metaKey !== event.ctrlKey && !event.altKey && !event.shiftKey;
    if (!mod || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    this.#now();
  }

  // ── One save ──

  async #once() {
    if (this.#deciding) return false;
    clearTimeout(this.#timer);
    this.#since = 0;
    this.#state("saving", "busy");
    const lost = this.#lost;
    const text = lost ?? this.editor.text();
    const answer = await this.#send(text);
    const stored = answer.kind === "ok" && this.#stored(text, answer.data);
    if (lost !== null && this.#lost === null && this.editor.text() !== text) return this.#once(); // now what was typed since
    if (stored) return true;
    if (answer.kind === "met") return this.#meet(text, answer.data);
    this.#failed(answer);
    return false;
  }

  /** The text alone; and once it meets another, again with the text it began as: versions of one sitting are one. */
  async #send(text, more = {}) {
    const fields = { version: this.version, markdown: text, ...more };
    const answer = await this.wire.post(this.words.save, fields);
    const last = answer.kind === "met" ? await this.wire.post(this.words.save, { ...fields, base: this.base }) : answer;
    this.#lost = LOST.has(last.kind) ? text : null;
    return last;
  }

  #stored(text, { version, present, markdown = text }) {
    if (markdown !== text && this.editor.text() === text) this.editor.setText(markdown);
    this.version = version;
    this.base = markdown;
    this.#tries = 0;
    for (const name of ["session", "problem"]) dismiss(name);
    this.#kept(version);
    if (present > version) setTimeout(() => this.look());
    return true;
  }

  #kept(version) {
    if (this.dirty) this.#keep();
    else this.#drop();
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.#state("saved", "ok", { time });
    this.studio.events.dispatchEvent(new CustomEvent("saved", { detail: { version } }));
    this.channel?.postMessage({ saved: version });
  }

  #failed({ kind, data, wait }) {
    const { words } = this;
    this.#tries += 1;
    const passes = kind === "away" || kind === "busy";
    this.#later(Math.max(wait || 0, passes ? RETRY_MS[this.#tries - 1] ?? RETRY_MS.at(-1) : RETRY_MS.at(-1)));
    if (passes) return this.#state(kind === "away" ? "offline" : "waiting", "warn");
    if (kind === "signed-out") return this.#signedOut({ data });
    this.#state("refused", "bad");
    const said = { "too-long": words.tellTooLong, gone: words.tellGone }[kind] ?? data?.message ?? words.tellGone;
    const copy = [words.doCopy, () => navigator.clipboard.writeText(this.editor.text())];
    offer("problem", said, [copy, [words.doRetry, () => this.#now()]], { alarm: true });
  }

  #signedOut({ data }) {
    const { words } = this;
    if (this.dirty) this.#state("signedOut", "bad");
    if (data?.somebodyElse) return offer("session", words.tellSomebodyElse, [], { alarm: true });
    offer("session", words.tellSignedOut, [[words.doSignIn, () => open(words.signIn, "_blank", "noopener")]], { alarm: true });
  }

  // ── Another text ──

  #take(text, version) {
    this.#replace(text, { theirs: text, version });
    this.#drop();
    this.#state("stands", "ok");
  }

  /** Show another text in place of what stands here; `theirs` is the server's. */
  #replace(text, { theirs, version }) {
    this.base = theirs;
    this.version = version;
    this.editor.setText(text);
    const tell = (name, detail) => this.studio.events.dispatchEvent(new CustomEvent(name, { detail }));
    tell("replaced", { text, version });
    tell("marks");
  }

  /** Where no paragraph was changed twice the texts are merged beneath the cursor; else their writer is asked. */
  async #meet(text, met) {
    if (met.conflicts) return this.#ask(text, met);
    if (this.editor.text() !== text) return this.#once(); // typed on meanwhile: that is to be merged, too
    const merged = composed(met.parts, met.tail);
    const own = { people: met.people };
    const told = met.people ? fill(this.words.tellMerged, own) : this.words.tellMergedOwn;
    const undo = () => { this.editor.setText(text); this.#typed(); };
    if (merged !== met.theirs && text !== merged) offer("merged", told, [[this.words.doUndo, undo]], { passing: true });
    return this.#go(met, merged);
  }

  async #ask(text, met) {
    const { words } = this;
    this.#state("conflict", "bad");
    const still = this.#pressed + PAUSE_MS - Date.now();
    if (still > 0) {
      this.#later(still);
      return false;
    }
    this.#deciding = true;
    const chosen = await choose(met).finally(() => { this.#deciding = false; });
    if (chosen === null) {
      this.#putOff = true;
      offer("problem", words.tellConflict, [[words.doChoose, () => this.#now()]], { alarm: true });
      return false;
    }
    dismiss("problem");
    if (this.editor.text() !== text) return this.#once();
    this.editor.focus();
    return this.#go(met, chosen);
  }

  /** Go on with a merge: the other text is what it began as. */
  async #go(met, merged) {
    this.#replace(merged, met);
    this.#keep();
    if (merged === met.theirs) return this.#stored(merged, { version: met.version, present: met.version });
    const answer = await this.#send(merged, { merged: "1" });
    if (answer.kind === "ok") return this.#stored(merged, answer.data);
    if (answer.kind === "met") return this.#meet(merged, answer.data);
    this.#failed(answer);
    return false;
  }

  // ── Drafts ──

  get #draft() {
    const { person } = this.words;
    const { chapter } = this.studio.data;
    const key = `${person} ${chapter} ${this.tab}`;
    return { key, person, chapter, tab: this.tab, text: this.editor.text(), base: this.base, version: this.version };
  }

  /** Keep the newest text on this device: at once, and again when more was typed while it was written. */
  #keep() {
    if (this.#putting) {
      this.#putting.again = true;
      return;
    }
    if (!this.dirty) return;
    const putting = (this.#putting = { again: false });
    drafts.put(this.#draft).then(() => { this.unkept = false; }, () => this.#noRoom()).then(() => {
      this.#putting = null;
      if (putting.again) this.dirty ? this.#keep() : this.#drop();
    });
  }

  #drop() {
    if (this.#putting) this.#putting.again = true;
    else drafts.remove(this.#draft.key).catch(() => {});
  }

  #noRoom() {
    if (!this.unkept) offer("room", this.words.tellNoRoom, [[this.words.doClose, () => {}]], { alarm: true });
    this.unkept = true;
  }

  /** Offer what a tab that is gone had not saved. */
  async #find() {
    const { person } = this.words;
    const [draft] = await drafts.left(person, this.studio.data.chapter).catch(() => []);
    if (!draft) return;
    const forget = () => drafts.remove(draft.key).then(() => this.#find());
    if (draft.text === this.base || draft.text === draft.base) {
      await forget();
      return;
    }
    const time = new Date(draft.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const acts = { take: () => this.#restore(draft).then(forget), discard: forget };
    const show = async () => (acts[await compare(draft.text, this.editor.text())] ?? (() => this.#find()))();
    const { words } = this;
    offer("draft", fill(words.tellDraft, { time }), [[words.doTake, acts.take], [words.doCompare, show], [words.doDiscard, acts.discard]]);
  }

  /** Go on with a draft as if its tab had never gone: what others wrote since is merged by the save. */
  async #restore(draft) {
    await this.#again();
    this.#lost = null; // it began as another text
    this.base = draft.base;
    this.version = draft.version;
    this.editor.setText(draft.text);
    this.#typed();
    this.#keep();
    await this.save();
  }

  // ── The page ──

  /** Out of sight: the page may be thrown away without another word. */
  #turned() {
    if (document.hidden) {
      if (this.dirty) this.save();
    } else this.#again();
  }

  /** Closed: sent once more, without waiting for the answer; too long for that, the draft is there next time. */
  #leave() {
    if (!this.dirty || this.#deciding) return;
    const text = this.editor.text();
    if (new Blob([text]).size > KEEPALIVE_BYTES) return;
    this.wire.post(this.words.save, { version: this.version, markdown: text }, { keepalive: true });
  }

  /** Other tabs of this browser with the same chapter. */
  #listen() {
    if (!this.channel) return;
    this.channel.addEventListener("message", ({ data }) => {
      if (data.saved > this.version) this.look();
      if (data.opened) this.channel.postMessage({ here: true });
      if ((data.opened || data.here) && this.mayEdit) offer("twice", this.words.tellTwice, [], { passing: true });
    });
    this.channel.postMessage({ opened: true });
  }

  #state(name, tone, values = {}) {
    const place = document.getElementById("studio-state");
    const key = `say${name[0].toUpperCase()}${name.slice(1)}`;
    place.className = "studio-state saving-state";
    place.dataset.tone = tone;
    place.textContent = fill(this.words[key], values);
  }
}

const fill = (sentence, values) => sentence.replace(/{(\w+)}/g, (_all, name) => values[name]);

export function start(studio) {
  const saver = new Saver(studio);
  studio.save = () => saver.save();
  saver.begin();
}
