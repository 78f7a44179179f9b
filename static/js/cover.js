/**
 * The cover of a book follows what is typed: title, subtitle, name, colour, language.
 */
const form = document.querySelector("[data-cover-form]");
const box = form.querySelector("[data-cover]");
const cover = box.querySelector(".cover");

function follow() {
  const { title, subtitle, byline, palette, language } = form.elements;
  cover.querySelector(".cover-title").textContent = title.value.trim() || box.dataset.untitled;
  cover.querySelector(".cover-subtitle").textContent = subtitle.value;
  cover.querySelector(".cover-author").textContent = byline.value;
  if (language) cover.lang = language.value;
  cover.className = `cover cover-${palette.value}`;
}

form.addEventListener("input", follow);
follow();
