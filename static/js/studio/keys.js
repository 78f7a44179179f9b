/**
 * Keys of the page around the text, their list, and the mode in which there is only the text. They work while one types,
 * so each has a modifier; AltGr, which types letters on many keyboards, is not one of them.
 */
const PRESSED = { KeyA: "assistant", KeyM: "comment", KeyP: "preview", KeyS: "suggest" };
const mac = /Mac|iPhone|iPad/.test(navigator.platform);

export function start({ root, editor }) {
  const dialog = document.getElementById("studio-keys");
  const quiet = root.querySelector("[data-studio=quiet]");
  const named = (key) => dialog.querySelector(`[data-${key}]`).textContent;
  const press = (name) => root.querySelector(`[data-studio=${name}]`)?.click();
  const turn = (rel) => root.querySelector(`.studio-chapters a[rel=${rel}]`)?.click();

  function setQuiet(on) {
    root.toggleAttribute("data-quiet", on);
    quiet.setAttribute("aria-pressed", String(on));
    for (const part of root.querySelectorAll(".studio-bar, .tools, .studio-foot")) part.inert = on;
    editor.focus();
  }

  quiet.addEventListener("click", () => setQuiet(true));
  root.querySelector("[data-studio=keys]").addEventListener("click", () => dialog.showModal());
  // Buttons name their key as this machine's keyboard has it.
  const said = mac ? { Control: "⌘", Alt: "⌥", Shift: "⇧" } : { Control: named("mod"), Alt: named("alt"), Shift: named("shift") };
  for (const button of root.querySelectorAll("[aria-keyshortcuts][title]")) {
    const keys = button.getAttribute("aria-keyshortcuts").split("+").map((key) => said[key] ?? key);
    button.title = `${button.title} (${keys.join("+")})`;
  }
  if (mac) {
    for (const key of dialog.querySelectorAll("[data-mod]")) key.textContent = "⌘";
    for (const key of dialog.querySelectorAll("[data-alt]")) key.textContent = "⌥";
    for (const key of dialog.querySelectorAll("[data-shift]")) key.textContent = "⇧";
  }

  // Before the editor hears it, to which Escape means other things; but an open form of finding is closed first.
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !root.hasAttribute("data-quiet") || root.querySelector(".find")) return;
    event.preventDefault();
    event.stopPropagation();
    setQuiet(false);
  }, true);

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || document.querySelector("dialog[open]")) return;
    const mod = mac ? event.metaKey : event.ctrlKey && !event.getModifierState("AltGraph");
    const act = mod && event.altKey && event.code === "KeyD" ? () => setQuiet(!root.hasAttribute("data-quiet"))
      : mod && event.altKey && event.code in PRESSED ? () => press(PRESSED[event.code])
      : mod && event.key === "/" ? () => dialog.showModal()
      : mod && !event.altKey && !event.shiftKey && event.code === "KeyF" ? () => editor.command("find")
      : event.altKey && !event.ctrlKey ? { PageUp: () => turn("prev"), PageDown: () => turn("next") }[event.key]
      : null;
    if (!act) return;
    event.preventDefault();
    act();
  });
}
