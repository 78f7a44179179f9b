/**
 * Whether the password being typed would be taken: accounts/passwords.py and Django's validators, in the same words.
 * Nothing typed leaves the page. Without this module the rule stands beside the field, and the server says the rest.
 */

const LONG = 12, SHORT = 8, VARIED = 3, SIMILAR = 0.7;
const CLASSES = [/\p{Lowercase}/u, /\p{Uppercase}/u, /\p{Nd}/u, /[^\p{L}\p{N}]/u];

const length = (text) => [...text].length;

/** How many of the four classes of characters it has. */
const variety = (password) => CLASSES.filter((one) => one.test(password)).length;

/** Python's SequenceMatcher.quick_ratio: twice the characters in common, over all of both. */
function ratio(one, other) {
  const left = new Map();
  for (const sign of other) left.set(sign, (left.get(sign) ?? 0) + 1);
  let shared = 0;
  for (const sign of one) {
    const count = left.get(sign) ?? 0;
    if (count > 0) shared += 1;
    left.set(sign, count - 1);
  }
  return (2 * shared) / (length(one) + length(other));
}

/** As Django's UserAttributeSimilarityValidator: against the whole address and each of its words. */
function resembles(password, email) {
  const said = password.toLowerCase(), address = email.trim().toLowerCase();
  if (!address) return false;
  return [...address.split(/[^\p{L}\p{N}_]+/u), address].some((part) => {
    const tooShort = length(said) >= 10 * length(part) && length(part) < (SIMILAR / 2) * length(said);
    return !tooShort && ratio(said, part) >= SIMILAR;
  });
}

/** "weak", "similar", "common" or "strong": the first complaint the server would have, or none. */
export function verdict(password, email, common) {
  const varied = variety(password);
  if (!(length(password) >= LONG || (length(password) >= SHORT && varied >= VARIED))) return "weak";
  if (resembles(password, email)) return "similar";
  return common.has(password.toLowerCase().trim()) ? "common" : "strong";
}

/** 0 to 4: 3 and 4 are taken. */
function level(password, said) {
  if (!password) return 0;
  if (said === "strong") return length(password) >= 16 || variety(password) === 4 ? 4 : 3;
  return said === "weak" && length(password) < SHORT ? 1 : 2;
}

function tend(hint) {
  const field = document.getElementById(hint.dataset.passwordHint);
  const about = document.getElementById(hint.dataset.about);
  const meter = hint.querySelector("meter"), words = hint.querySelector("[data-password-words]");
  let common = null, last = "";
  const look = async () => {
    common ??= (await import(hint.dataset.common)).default;
    const said = field.value ? verdict(field.value, about?.value ?? hint.dataset.email, common) : "";
    hint.hidden = !said;
    hint.dataset.verdict = said;
    meter.value = level(field.value, said);
    // Screen readers hear a verdict when it changes, not at every key.
    if (said !== last) words.textContent = said ? hint.getAttribute(`data-say-${said}`) : "";
    last = said;
  };
  field.closest(".field").append(hint);
  field.addEventListener("input", look);
  about?.addEventListener("input", look);
}

for (const hint of document.querySelectorAll("[data-password-hint]")) tend(hint);
