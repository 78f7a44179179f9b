/**
 * Chapters of the outline move up and down, and their places follow.
 *
 * Without this module the places are typed; what counts on the server is the numbers in these fields, either way.
 */
const form = document.querySelector("[data-outline-form]");
const status = form.querySelector("[data-outline-status]");

const entries = () => [...form.querySelectorAll("[data-entry]")];
const place = (entry) => entry.querySelector("[name$='-position']");

function renumber() {
  entries().forEach((entry, index) => { place(entry).value = index + 1; });
}

/** The ends of the list cannot move further; aria-disabled keeps the keyboard where it is. */
function mark() {
  const all = entries();
  all.forEach((entry, index) => {
    entry.querySelector("[data-move=up]").setAttribute("aria-disabled", String(index === 0));
    entry.querySelector("[data-move=down]").setAttribute("aria-disabled", String(index === all.length - 1));
  });
}

function move(button) {
  const entry = button.closest("[data-entry]");
  const other = button.dataset.move === "up" ? entry.previousElementSibling : entry.nextElementSibling;
  if (!other) return;
  if (button.dataset.move === "up") other.before(entry);
  else other.after(entry);
  renumber();
  mark();
  button.focus();
  entry.scrollIntoView({ block: "nearest" });
  status.textContent = form.dataset.moved.replace("{place}", place(entry).value);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move]");
  if (button) move(button);
});

/** A place typed by hand moves the chapter there at once, so that the page shows the order that will be saved. */
form.addEventListener("change", (event) => {
  if (!event.target.matches("[name$='-position']") || !event.target.value) return;
  const entry = event.target.closest("[data-entry]");
  const others = entries().filter((each) => each !== entry);
  const target = others[event.target.valueAsNumber - 1];
  if (target) target.before(entry);
  else others.at(-1)?.after(entry);
  renumber();
  mark();
  event.target.focus();
});

/** A page that comes back with errors or one entry more lists the entries as they were sent: show them by their places. */
function arrange() {
  const list = form.querySelector("[data-entry]").parentElement;
  const ordered = entries().sort((one, other) => (place(one).valueAsNumber || Infinity) - (place(other).valueAsNumber || Infinity));
  if (ordered.some((entry, index) => entry !== list.children[index])) list.append(...ordered);
}

for (const moves of form.querySelectorAll("[data-moves]")) moves.hidden = false;
arrange();
mark();
