/**
 * The writing studio: puts the editor over the text area, then starts the parts around it, each a module of its own.
 *
 * `studio` is what they share: {root, data, editor, events}. Events: "typed", "saved" {version}, "replaced" {text, version},
 * "selected" {start, end, text}, "marks" (to be fetched again), "panel" {name}, "picture" {file} (pasted or dropped).
 */
import * as notes from "./studio/notes.js";
import * as plain from "./studio/plain.js";
import * as presence from "./studio/presence.js";
import * as saving from "./studio/saving.js";
import * as tools from "./studio/tools.js";

/** The editor's bundle; without it (not built, not delivered) the text area itself. */
async function load() {
  try {
    return await import("../build/editor.js");
  } catch {
    return plain;
  }
}

const root = document.getElementById("studio");
const textarea = document.getElementById("studio-text");
const events = new EventTarget();
const { mount } = await load();
const nonce = document.querySelector("script[nonce]")?.nonce;
const editor = mount(textarea, { readOnly: root.dataset.mayEdit !== "true", nonce });
const studio = { root, data: root.dataset, editor, events };
const tell = (name, detail) => events.dispatchEvent(new CustomEvent(name, { detail }));
editor.onTyped(() => tell("typed"));
editor.onSelect(() => tell("selected", editor.selection()));
for (const part of [tools, saving, presence, notes]) part.start(studio);
