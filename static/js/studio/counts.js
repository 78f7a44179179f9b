/** Words while one types: of the chapter against its goal, of the book, of what is selected; and the time to read it. */
const PAUSE_MS = 250;
const WORDS_A_MINUTE = 225;
const WORD = /[\p{L}\p{N}]/u;
const language = document.documentElement.lang;
const number = new Intl.NumberFormat(language);
const plural = new Intl.PluralRules(language);

/** Words as the server counts them (core.text.count_words). */
const countWords = (text) => (text.match(/\S+/g) ?? []).filter((word) => WORD.test(word)).length;

export function start({ root, editor, events }) {
  const foot = root.querySelector("[data-counts]");
  const said = foot.dataset;
  const goal = foot.querySelector("progress");
  const put = (name, text) => { foot.querySelector(`[data-count=${name}]`).textContent = text; };
  const worded = (count, one, many) => (plural.select(count) === "one" ? one : many).replace("{count}", number.format(count));
  let words = 0;
  let waiting = 0;

  function selected() {
    const { text } = editor.selection();
    const count = text ? countWords(text) : 0;
    put("words", count ? worded(count, said.selectedOne, said.selectedMany) : worded(words, said.one, said.many));
  }

  function count() {
    words = countWords(editor.text());
    const book = words + Number(said.others);
    put("book", worded(book, said.one, said.many));
    put("minutes", said.minutes.replace("{count}", number.format(Math.max(1, Math.round(words / WORDS_A_MINUTE)))));
    if (goal) {
      goal.value = words;
      goal.toggleAttribute("data-reached", words >= Number(said.goal));
    }
    selected();
  }

  const later = (act) => () => {
    clearTimeout(waiting);
    waiting = setTimeout(act, PAUSE_MS);
  };
  for (const name of ["typed", "replaced"]) events.addEventListener(name, later(count));
  let choosing = 0;
  events.addEventListener("selected", () => {
    clearTimeout(choosing);
    choosing = setTimeout(selected, PAUSE_MS);
  });
  count();
}
