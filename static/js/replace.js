/**
 * Find and replace: how many places are ticked, said and shown; all or none of them ticked at once. Works without this module.
 */
const form = document.querySelector("[data-found]");
const said = form?.querySelector("[data-chosen]");
const plural = new Intl.PluralRules(document.documentElement.lang);
const number = new Intl.NumberFormat(document.documentElement.lang);

function count() {
  const chosen = form.querySelectorAll("[name=hit]:checked").length;
  const words = plural.select(chosen) === "one" ? form.dataset.one : form.dataset.other;
  said.textContent = words.replace("{number}", number.format(chosen));
}

if (form) {
  said.setAttribute("aria-live", "polite");
  form.querySelector("[data-ticks]").hidden = false;
  form.addEventListener("change", count);
  form.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    for (const one of form.querySelectorAll("[name=hit]")) one.checked = tick.dataset.tick === "all";
    count();
  });
  count();
}
