/**
 * The writing studio: puts the editor over the text area, then starts the parts around it, each a module of its own.
 *
 * `studio` is what they share: {root, data, editor, events}. Events: "typed", "saved" {version}, "replaced" {text, version},
 * "selected" {start, end, text}, "changed" (something of the book, elsewhere), "stale" (the text is to be looked for again),
 * "marks" (to be fetched again), "aside" (the side of the panels opened), "panel" {name, loaded}, "picture" {file} (pasted or
 * dropped; who takes it prevents the default, which is to say that nobody does).
 */
import * as assistant from "./studio/assistant.js";
import * as chapters from "./studio/chapters.js";
import * as counts from "./studio/counts.js";
import * as drawers from "./studio/drawers.js";
import * as keys from "./studio/keys.js";
import * as notes from "./studio/notes.js";
import * as origins from "./studio/origins.js";
import * as panels from "./studio/panels.js";
import * as pictures from "./studio/pictures.js";
import * as plain from "./studio/plain.js";
import * as presence from "./studio/presence.js";
import * as preview from "./studio/preview.js";
import * as saving from "./studio/saving.js";
import * as tools from "./studio/tools.js";
import { say } from "./studio/notice.js";

/** The editor's bundle; without it (not built, not delivered) the text area itself. */
async function load() {
  try {
    return await import("../build/editor.js");
  } catch {
    return plain;
  }
}

const root = document.getElementById("studio");
const notices = document.getElementById("studio-notices").dataset;
const phrases = document.getElementById("studio-phrases").dataset;
const events = new EventTarget();
const { mount } = await load();

function tell(name, detail) {
  return events.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
}

const editor = mount(document.getElementById("studio-text"), {
  readOnly: root.dataset.mayEdit !== "true",
  nonce: document.querySelector("script[nonce]")?.nonce,
  language: root.dataset.language,
  pictures: root.dataset.pictures,
  find: document.getElementById("studio-find-form"),
  findPlace: document.getElementById("studio-find"),
  phrases: {
    "current match": phrases.current,
    "on line": phrases.line,
    "replaced match on line $": phrases.replaced,
    "replaced $ matches": phrases.replacedAll,
  },
  onPicture: (file) => tell("picture", { file }) && say(notices.picture, "warning"),
  onLeftOut: () => say(notices.picturesLeft, "warning"),
});
const studio = { root, data: root.dataset, editor, events };
editor.onTyped(() => tell("typed"));
editor.onSelect(() => tell("selected", editor.selection()));
root.dataset.live = "true";
for (const button of root.querySelectorAll("[data-without-script]")) button.hidden = true;
// Saving comes first: whatever else fails to start, nothing typed is lost.
for (const part of [saving, presence, assistant, tools, drawers, panels, preview, counts, keys, notes, pictures, chapters, origins]) part.start(studio);
