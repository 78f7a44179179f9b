/**
 * The list of books: how many are chosen, said and shown. Choosing and acting work without this module.
 */
const form = document.querySelector(".choosing");
const said = form?.querySelector("[data-chosen]");
const plural = new Intl.PluralRules(document.documentElement.lang);
const number = new Intl.NumberFormat(document.documentElement.lang);

function count() {
  const chosen = form.querySelectorAll("[name=book]:checked").length;
  const words = plural.select(chosen) === "one" ? said.dataset.one : said.dataset.other;
  said.textContent = words.replace("{number}", number.format(chosen));
}

if (form) {
  said.setAttribute("aria-live", "polite");
  form.addEventListener("change", count);
  form.addEventListener("reset", () => setTimeout(count));
  count();
}
