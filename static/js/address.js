/**
 * The address of an organization while it is typed: the whole of it is shown, and a name suggests one.
 */
const address = document.querySelector("[data-address]");
const shown = document.querySelector("[data-address-shown]");
const name = document.querySelector("[data-address-from]");
let chosen = Boolean(address?.value);

/** What an address can take from a name: small letters, digits, single hyphens. */
function suggestion(text) {
  const plain = text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40).replace(/-+$/, "");
}

function show() {
  if (!shown) return;
  shown.hidden = !address.value;
  shown.textContent = `${shown.dataset.addressShown}${address.value.toLowerCase()}/`;
}

if (address) {
  shown && address.closest(".field").append(shown);
  address.addEventListener("input", () => {
    chosen = Boolean(address.value);
    show();
  });
  name?.addEventListener("input", () => {
    if (chosen) return;
    address.value = suggestion(name.value);
    show();
  });
  show();
}
