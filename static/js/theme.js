/**
 * Theme, without waiting for a round trip.
 *
 * A control with [data-theme-choice] (the profile form, the button of the public footer) sets <html data-theme>
 * at once. Signed out, the choice is kept in the cookie `theme`, which the server reads; signed in, the form saves it.
 */
const THEMES = ["auto", "light", "dark"];
const root = document.documentElement;

function apply(theme) {
  if (!THEMES.includes(theme)) return;
  root.dataset.theme = theme;
  for (const button of document.querySelectorAll("button[data-theme-choice]")) describe(button);
}

function remember(theme) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax${secure}`;
}

/** Say which theme is on: the words come from the template, already in the reader's language. */
function describe(button) {
  const word = button.querySelector("[data-theme-word]");
  if (word) word.textContent = button.dataset[root.dataset.theme] ?? "";
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-theme-choice] select[name=theme]")) apply(event.target.value);
});

for (const button of document.querySelectorAll("button[data-theme-choice]")) {
  button.hidden = false;
  describe(button);
  button.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(root.dataset.theme) + 1) % THEMES.length];
    apply(next);
    remember(next);
  });
}
