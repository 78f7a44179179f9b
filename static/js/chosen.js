/**
 * A form whose boxes choose things: how many are chosen, said and shown; perhaps all or none at once. Works without this module.
 *
 * <form data-choosing="NAME OF THE BOXES"> with [data-chosen data-one data-other]; [data-ticks] around [data-tick=all|none].
 */
const form = document.querySelector("[data-choosing]");
const plural = new Intl.PluralRules(document.documentElement.lang);
const number = new Intl.NumberFormat(document.documentElement.lang);

function start() {
  const said = form.querySelector("[data-chosen]");
  const boxes = form.querySelectorAll(`[name=${form.dataset.choosing}]`);
  const count = () => {
    const chosen = [...boxes].filter((box) => box.checked).length;
    const words = plural.select(chosen) === "one" ? said.dataset.one : said.dataset.other;
    said.textContent = words.replace("{number}", number.format(chosen));
  };
  said.setAttribute("aria-live", "polite");
  form.addEventListener("change", count);
  form.addEventListener("reset", () => setTimeout(count));
  form.querySelector("[data-ticks]")?.toggleAttribute("hidden", false);
  form.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    for (const box of boxes) box.checked = tick.dataset.tick === "all";
    count();
  });
  count();
}

if (form) start();
