/**
 * Toolbars: one stop for Tab, arrows within (the toolbar pattern of WAI-ARIA); buttons that work on the text say by
 * aria-pressed what holds where the cursor is. And the switch of the typographer's marks, kept in this browser.
 */
import { keep, recall } from "../kept.js";

const KEY = "studio-marks";

function roving(toolbar) {
  const buttons = () => [...toolbar.querySelectorAll("button, summary, a")].filter((one) => one.offsetParent);
  const stop = (one) => {
    for (const each of toolbar.querySelectorAll("button, summary, a")) each.tabIndex = each === one ? 0 : -1;
  };
  stop(toolbar.querySelector("button"));
  toolbar.addEventListener("focusin", (event) => event.target.matches("button, summary, a") && stop(event.target));
  toolbar.addEventListener("keydown", (event) => {
    const all = buttons();
    const here = all.indexOf(document.activeElement);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    all[(next + all.length) % all.length].focus();
  });
}

function marksSwitch(editor) {
  const label = document.querySelector("[data-typography]");
  if (!label || !editor.typography) return;
  const box = label.querySelector("input");
  box.checked = recall(KEY) ?? true;
  editor.typography(box.checked);
  label.hidden = false;
  box.addEventListener("change", () => {
    editor.typography(box.checked);
    keep(KEY, box.checked);
  });
}

export function start({ root, editor, events }) {
  for (const toolbar of root.querySelectorAll("[data-toolbar]")) {
    // Over a plain text area there is nothing the buttons could do.
    if (toolbar.matches(".tools") && !editor.active) continue;
    toolbar.hidden = false;
    roving(toolbar);
  }
  const buttons = [...root.querySelectorAll("[data-command]")];
  for (const button of buttons) {
    // The text keeps its cursor under a press by mouse.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => editor.command(button.dataset.command));
  }
  const pressed = buttons.filter((button) => button.hasAttribute("aria-pressed"));
  let waiting = 0;
  const show = () => {
    const active = editor.active();
    for (const button of pressed) button.setAttribute("aria-pressed", String(active.has(button.dataset.command)));
  };
  if (editor.active) {
    events.addEventListener("selected", () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(show);
    });
  }
  marksSwitch(editor);
}
