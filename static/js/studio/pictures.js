/** Pictures in the studio: the panel's, and those that are pasted or dropped into the text; each goes in at the cursor. */
import { add, listen, open } from "../pictures.js";
import { say } from "./notice.js";

/** The dialog that asks what a picture shows: the panel's, or, while another panel is open, one fetched for it. */
async function dialogAt(address) {
  const here = document.querySelector("[data-picture-dialog]");
  if (here) return here;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = page.querySelector("[data-picture-dialog]");
  if (dialog) document.body.append(document.adoptNode(dialog));
  return dialog;
}

/** What has to stand around a paragraph that begins here: as many line ends as are missing for an empty line. */
function paragraph(text, at, markdown) {
  const all = [...text];
  const before = all.slice(0, at).join("");
  const after = all.slice(at).join("");
  const missing = (found) => "\n".repeat(Math.max(0, 2 - found));
  const above = before ? missing(/\n*$/.exec(before)[0].length) : "";
  const below = after ? missing(/^\n*/.exec(after)[0].length) : "\n";
  return `${above}${markdown}${below}`;
}

export function start({ root, data, editor, events }) {
  const side = document.getElementById("studio-side");
  const tab = root.querySelector('.studio-tabs [data-panel="pictures"]');
  if (!tab || data.mayEdit !== "true") return;

  function insert(markdown) {
    const { end } = editor.selection();
    editor.select(end, end);
    editor.insert(paragraph(editor.text(), end, markdown));
    editor.focus();
  }

  function look() {
    const panel = side.querySelector("#panel[data-pictures]");
    if (panel) open(panel);
  }

  async function take(files) {
    const address = tab.href;
    const dialog = await dialogAt(address).catch(() => null);
    if (!dialog) { say(tab.dataset.failed, "error"); return; }
    const kept = await add(files, { dialog, address });
    for (const { markdown } of kept) insert(markdown);
    if (kept.length && side.querySelector("#panel[data-pictures]")) tab.click();
  }

  listen(side, (_panel, files) => take(files));
  side.addEventListener("htmx:afterSettle", look);
  side.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    insert(button.dataset.insert);
    say(tab.dataset.inserted, "success");
  });
  events.addEventListener("picture", (event) => {
    event.preventDefault();
    take([event.detail.file]);
  });
}
