/**
 * Forms: one submission each, passwords that can be looked at, the cursor where the code goes.
 */

/** Refuse a second submit and show that the first is under way. The server holds one effect all the same. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get" || form.matches("[hx-post]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "true";
  const button = event.submitter ?? form.querySelector("[type=submit], button:not([type])");
  button?.setAttribute("aria-busy", "true");
});

/** A page that comes back from the browser's memory is as it was left: make its forms usable again. */
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("form [aria-busy]")) button.removeAttribute("aria-busy");
});

function reveal(button) {
  const input = document.getElementById(button.getAttribute("aria-controls"));
  button.hidden = false;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? button.dataset.hide : button.dataset.show;
    input.focus();
  });
  // Whatever is on screen, what is sent and what a password manager learns is a password.
  input.form?.addEventListener("submit", () => { input.type = "password"; });
}

for (const button of document.querySelectorAll("[data-reveal]")) reveal(button);

document.querySelector("[aria-invalid=true], input[autocomplete=one-time-code]")?.focus();
