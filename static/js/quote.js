/**
 * The price while it is typed: <form data-quote-form> with a [data-quote] that carries the tariff, and perhaps the dearest
 * price that can be paid (data-most): beyond it the notice [data-quote-short] is shown, and [data-quote-pays] cannot be
 * pressed.
 *
 * The rule is the server's (billing.queries.BookTariff.quote), and so is the price that counts: it is quoted again at
 * approval, and never above what the page showed (the hidden accepted_credits).
 */
const WORDS_A_PAGE = 250;
const WORDS_A_MINUTE = 225;
const language = document.documentElement.lang;
const number = new Intl.NumberFormat(language);
const plural = new Intl.PluralRules(language);

/** Planned words of each chapter: of an outline's entries that stay, or of a brief. */
function chapters(form) {
  const entries = [...form.querySelectorAll("[data-entry]")];
  if (entries.length) {
    return entries
      .filter((entry) => !entry.querySelector("[name$='-remove']").checked)
      .map((entry) => entry.querySelector("[name$='-words']").valueAsNumber || 0);
  }
  const { chapter_count: count, words_per_chapter: words } = form.elements;
  if (!count.validity.valid || !words.validity.valid) return [];
  return Array(count.valueAsNumber || 0).fill(words.valueAsNumber || 0);
}

function show(box, name, value) {
  const place = box.querySelector(`[data-quote-${name}]`);
  const text = number.format(value);
  if (place && place.textContent !== text) place.textContent = text;
}

function quote(form) {
  const box = form.querySelector("[data-quote]");
  const { outline, words, wordsPer } = box.dataset;
  const planned = chapters(form);
  const total = planned.reduce((sum, each) => sum + each, 0);
  const credits = Number(outline) + Number(words) * Math.ceil(total / Number(wordsPer));
  show(box, "chapters", planned.length);
  show(box, "total", total);
  show(box, "credits", credits);
  show(box, "pages", Math.ceil(total / WORDS_A_PAGE));
  show(box, "minutes", Math.max(1, Math.round(total / WORDS_A_MINUTE)));
  const unit = box.querySelector("[data-quote-unit]");
  if (unit) unit.textContent = plural.select(credits) === "one" ? unit.dataset.one : unit.dataset.other;
  const live = box.querySelector("[data-quote-live]");
  if (live) live.hidden = total === 0;
  if (box.dataset.most) {
    const isShort = credits > Number(box.dataset.most);
    form.querySelector("[data-quote-short]").hidden = !isShort;
    for (const button of form.querySelectorAll("[data-quote-pays]")) button.disabled = isShort;
  }
  if (form.elements.accepted_credits) form.elements.accepted_credits.value = credits;
}

for (const form of document.querySelectorAll("[data-quote-form]")) {
  form.addEventListener("input", () => quote(form));
  quote(form);
}
