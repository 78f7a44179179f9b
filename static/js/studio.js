// The writing studio: mounts the editor and starts the parts around it, each in its own module.
import * as notes from "./studio/notes.js";
import * as presence from "./studio/presence.js";
import * as saving from "./studio/saving.js";
import * as tools from "./studio/tools.js";

const root = document.getElementById("studio");
const studio = { root, data: root.dataset, editor: null, events: new EventTarget() };
for (const part of [tools, saving, presence, notes]) part.start(studio);
