/**
 * Typing over a selection. Left to the browser, it would keep the looks of what was selected as inline style, which the
 * page's policy forbids (and says so aloud); so the text is put in place here.
 */
import { EditorView } from "@codemirror/view";

function typeOver(event, view) {
  const { main } = view.state.selection;
  if (event.inputType !== "insertText" || !event.data || !event.cancelable || main.empty || view.composing || view.state.readOnly) return false;
  const { data } = event;
  const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
  const handled = view.state.facet(EditorView.inputHandler).some((handler) => handler(view, main.from, main.to, data, insert));
  if (!handled) view.dispatch(insert());
  event.preventDefault();
  return true;
}

export const typing = EditorView.domEventHandlers({ beforeinput: typeOver });
