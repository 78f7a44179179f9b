/**
 * Two texts that meet: the dialog in which somebody chooses, paragraph by paragraph, and the comparison with a draft.
 */

/** The text of a merge's `parts` ({mine, theirs}; the same where nothing is to be chosen) with what was chosen of each conflict. */
export function composed(parts, tail, chosen = []) {
  let conflict = 0;
  const text = parts.map(({ mine, theirs }) => {
    if (mine === theirs) return mine;
    return { mine, theirs }[chosen[conflict++]] ?? mine + theirs;
  });
  return text.join("").replace(/\n+$/, "") + tail;
}

/** Ask which paragraphs shall stand. Resolves with the text, or with null when it is put off. */
export function choose(met) {
  const dialog = document.getElementById("meeting");
  const choices = dialog.querySelector("[data-choices]");
  choices.innerHTML = met.html; // rendered and escaped by the server
  dialog.querySelector("[data-people]").textContent = met.people;
  dialog.returnValue = "";
  dialog.showModal();
  choices.querySelector("input:checked").focus();
  return closed(dialog).then((answer) => {
    const chosen = [...choices.querySelectorAll("input:checked")].map((input) => input.value);
    choices.replaceChildren();
    return answer === "chosen" ? composed(met.parts, met.tail, chosen) : null;
  });
}

/** Show a draft beside the text that stands. Resolves with "take", "discard" or "". */
export function compare(mine, theirs) {
  const dialog = document.getElementById("draft");
  show(dialog.querySelector("[data-mine]"), mine, theirs);
  show(dialog.querySelector("[data-theirs]"), theirs, mine);
  dialog.returnValue = "";
  dialog.showModal();
  return closed(dialog);
}

const closed = (dialog) => new Promise((resolve) => {
  dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true });
});

/** The paragraphs of one text, those marked which the other has not; a stretch that both have is an ellipsis. */
function show(place, text, other) {
  const known = new Set(paragraphs(other));
  const shown = [];
  for (const paragraph of paragraphs(text)) {
    if (!known.has(paragraph)) shown.push(Object.assign(document.createElement("mark"), { textContent: paragraph }), "\n\n");
    else if (shown.at(-1) !== "…\n\n") shown.push("…\n\n");
  }
  place.replaceChildren(...shown);
}

const paragraphs = (text) => text.split(/\n{2,}/).filter(Boolean);
