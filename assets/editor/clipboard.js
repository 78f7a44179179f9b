/** Paste and drop: rich text becomes Markdown, pictures are handed on, and plain text stays what it is. */
import { EditorView } from "@codemirror/view";
import { fitted, toMarkdown } from "./paste.js";

/** One past the highest number among the notes of a text. */
function freeNote(doc) {
  let highest = 0;
  for (const found of doc.toString().matchAll(/\[\^(\d{1,6})\]/g)) highest = Math.max(highest, Number(found[1]));
  return highest + 1;
}

const pictureIn = (transfer) => [...transfer.files].filter((file) => file.type.startsWith("image/"));

/** The extension; `onPicture(file)` for each picture itself, `onLeftOut(count)` for those a text had with it. */
export function clipboardOf({ onPicture = () => {}, onLeftOut = () => {} }) {
  // A reader's or editor's own copies carry both shapes: colours of code are no emphasis.
  const isRich = (data) => data.types.includes("text/html") && !data.types.includes("vscode-editor-data");

  function paste(event, view) {
    const data = event.clipboardData;
    if (!data || view.state.readOnly) return false;
    const pictures = pictureIn(data);
    if (!isRich(data)) {
      for (const file of pictures) onPicture(file);
      if (pictures.length) event.preventDefault();
      return pictures.length > 0;
    }
    const { markdown, pictures: left } = toMarkdown(data.getData("text/html"), freeNote(view.state.doc));
    if (!markdown && pictures.length) {
      for (const file of pictures) onPicture(file);
    } else if (left) onLeftOut(left);
    if (markdown) put(view, markdown);
    event.preventDefault();
    return true;
  }

  function put(view, markdown) {
    const { doc, selection: { main } } = view.state;
    const before = doc.sliceString(doc.lineAt(main.from).from, main.from);
    const after = doc.sliceString(main.to, doc.lineAt(main.to).to);
    view.dispatch(view.state.replaceSelection(fitted(markdown, before, after)), { userEvent: "input.paste", scrollIntoView: true });
  }

  function drop(event, view) {
    const pictures = event.dataTransfer ? pictureIn(event.dataTransfer) : [];
    if (!pictures.length || view.state.readOnly) return false;
    event.preventDefault();
    const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
    if (at !== null) view.dispatch({ selection: { anchor: at } });
    for (const file of pictures) onPicture(file);
    return true;
  }

  return [
    EditorView.domEventHandlers({ paste, drop }),
    // Only LF ends a line here, whatever the clipboard's system writes.
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n")),
  ];
}
