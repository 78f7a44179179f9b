/**
 * What is typed and not saved yet, on this device: one draft a person, chapter and tab, in IndexedDB.
 *
 * A draft goes as soon as the server has its text, after thirty days, and when its person signs out (static/js/sign-out.js).
 * Another person of the same browser never sees it. {key, person, chapter, tab, text, base, version, at}
 */
const NAME = "scriptorium";
const STORE = "drafts";
const KEPT_MS = 30 * 24 * 3600 * 1000;
const ALIVE_MS = 60_000;

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

/** Do something with the store; settles when the transaction is over. */
async function within(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode);
    const asked = act(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const put = (draft) => within("readwrite", (store) => store.put({ ...draft, at: Date.now() }));
export const remove = (key) => within("readwrite", (store) => store.delete(key));
const all = () => within("readonly", (store) => store.getAll());

/** How many drafts the person has on this device. */
export async function count(person) {
  return (await all()).filter((draft) => draft.person === person).length;
}

/** Forget the person's drafts. */
export async function forget(person) {
  for (const draft of await all()) if (draft.person === person) await remove(draft.key);
}

/** The person's drafts of a chapter whose tab is gone, newest first; what is too old is forgotten. */
export async function left(person, chapter) {
  const openTabs = await tabs();
  const found = [];
  for (const draft of await all()) {
    if (Date.now() - draft.at > KEPT_MS) await remove(draft.key);
    else if (draft.person === person && draft.chapter === chapter && !isOpen(draft, openTabs)) found.push(draft);
  }
  return found.sort((one, other) => other.at - one.at);
}

/** Say for as long as this page lives that its drafts are its own. */
export function hold(tab) {
  navigator.locks?.request(lockOf(tab), { mode: "shared" }, () => new Promise(() => {}));
}

const lockOf = (tab) => `draft ${tab}`;

async function tabs() {
  if (!navigator.locks) return null;
  return new Set((await navigator.locks.query()).held.map((lock) => lock.name));
}

function isOpen(draft, held) {
  return held ? held.has(lockOf(draft.tab)) : Date.now() - draft.at < ALIVE_MS;
}
