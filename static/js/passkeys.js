/**
 * Passkeys: the browser's part of signing in without a password.
 *
 * <form data-passkey="add | use | sign-in"> posts what the authenticator answered in its field `credential`. What to ask
 * it stands in <script id="passkey-options">, or is fetched from the form's own address (signing in: nobody is known yet).
 * Without this module, or in a browser without passkeys, these forms stay hidden and the other ways in are there.
 */

const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const withBytes = (list) => (list ?? []).map((one) => ({ ...one, id: fromText(one.id) }));

/** What the server asks, with bytes where the browser wants bytes. */
function readable(publicKey) {
  const asked = { ...publicKey, challenge: fromText(publicKey.challenge) };
  if (publicKey.user) asked.user = { ...publicKey.user, id: fromText(publicKey.user.id) };
  if (publicKey.excludeCredentials) asked.excludeCredentials = withBytes(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) asked.allowCredentials = withBytes(publicKey.allowCredentials);
  return asked;
}

/** What the authenticator answered, as text. */
function sendable(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({
    id: credential.id, rawId: toText(credential.rawId), type: credential.type, response,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function options(form) {
  const written = document.getElementById("passkey-options");
  const data = written
    ? JSON.parse(written.textContent)
    : await (await fetch(form.action, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } })).json();
  return readable((data.creation_options ?? data.request_options).publicKey);
}

function create(publicKey) {
  const authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true };
  return navigator.credentials.create({ publicKey: { ...publicKey, authenticatorSelection } });
}

function send(form, credential) {
  form.elements.credential.value = sendable(credential);
  form.submit();
}

/** A question to the browser that waits in the list beneath the address field, until a button asks more loudly. */
let waiting = null;

async function offerBeneath(form, asked) {
  const field = document.querySelector("input[name=login]");
  if (!field || !(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  field.autocomplete = "username webauthn";
  waiting = new AbortController();
  try {
    send(form, await navigator.credentials.get({ publicKey: await asked(), mediation: "conditional", signal: waiting.signal }));
  } catch {
    // Given up for the button, or no passkey was chosen: nobody has asked for anything that failed.
  }
}

function begin(form) {
  const said = form.querySelector("[data-passkey-said]");
  let asking = null;
  const asked = () => (asking ??= options(form));
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    waiting?.abort();
    const button = form.querySelector("button");
    button.setAttribute("aria-busy", "true");
    said.textContent = "";
    try {
      const publicKey = await asked();
      send(form, form.dataset.passkey === "add" ? await create(publicKey) : await navigator.credentials.get({ publicKey }));
    } catch (error) {
      asking = null;
      button.removeAttribute("aria-busy");
      said.textContent = error.name === "InvalidStateError" ? said.dataset.known : said.dataset.failed;
    }
  });
  if (form.dataset.passkey === "sign-in") offerBeneath(form, asked);
}

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) begin(form);
  for (const told of document.querySelectorAll("[data-without-passkeys]")) told.hidden = true;
}
