/**
 * Colours tried on: both panes take them at once, with the contrast the server will measure (WCAG 2.2).
 * Headings follow the chosen typeface. Saving judges again: nothing here decides.
 */
const form = document.querySelector("[data-looks]");

function light(channel) {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function luminance(color) {
  const [red, green, blue] = [1, 3, 5].map((place) => light(parseInt(color.slice(place, place + 2), 16) / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

function tryOn(pane) {
  // By its element: a button that offers another colour bears the same name.
  const color = form.querySelector(`input[name=${pane.dataset.pane}]`).value;
  const ratio = Math.min(...pane.dataset.grounds.split(" ").map((ground) => contrast(color, ground)));
  const told = pane.querySelector("[data-ratio]");
  const pale = ratio < Number(form.dataset.looks);
  pane.style.setProperty("--accent", color);
  pane.style.setProperty("--accent-hover", color);
  pane.style.setProperty("--heading", form.elements.typeface.value === "sans" ? "var(--sans)" : "var(--serif)");
  told.hidden = false;
  told.classList.toggle("pale", pale);
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
  const said = (Math.floor(ratio * 100) / 100).toLocaleString(document.documentElement.lang, digits);
  told.textContent = `${said} : 1, ${pale ? told.dataset.bad : told.dataset.good}`;
}

function tryAll() {
  for (const pane of form.querySelectorAll("[data-pane]")) tryOn(pane);
}

if (form) {
  form.addEventListener("input", tryAll);
  tryAll();
}
