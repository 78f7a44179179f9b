/**
 * Where the reader is: shown as a share of the book, remembered by the server, and found again.
 *
 * A place is the paragraph at the top of the screen, counted from 0 among the blocks of the chapter. It is saved every
 * few seconds while it changes, and when the page is left; `#paragraph-12` in an address leads back to it. Without this
 * module the button "I stop here" remembers the chapter.
 */
const SAVE_MS = 4_000;
const ARRIVED_MS = 3_000; // whoever is gone sooner has only leafed through
const ANCHOR = /^#paragraph-(\d{1,6})$/;

const form = document.querySelector("[data-place]");
const prose = document.querySelector(".reader .prose");
const bar = document.querySelector(".reader-bar");
const progress = document.querySelector(".reader-progress");
const share = document.querySelector("[data-share]");
const opened = Date.now();
let saved = 0;
let saving = 0;
let drawing = 0;

/** The first block of which something is to be seen below the bar. */
function paragraph() {
  const edge = bar.getBoundingClientRect().bottom + 1;
  const index = [...prose.children].findIndex((block) => block.getBoundingClientRect().bottom > edge);
  return index < 0 ? Math.max(0, prose.children.length - 1) : index;
}

function save() {
  clearTimeout(saving);
  saving = 0;
  const at = paragraph();
  if (Date.now() - opened < ARRIVED_MS || at === saved) return;
  const data = new FormData(form);
  data.set("paragraph", at);
  data.set("quiet", "1");
  if (navigator.sendBeacon(form.action, data)) saved = at;
}

/** How much of the book lies behind the lower edge of the screen. */
function draw() {
  drawing = 0;
  const { top, height } = prose.getBoundingClientRect();
  const read = Math.min(1, Math.max(0, (innerHeight - top) / height));
  progress.value = Number(progress.dataset.before) + read * Number(progress.dataset.words);
  share.textContent = share.dataset.share.replace("{share}", Math.floor((100 * progress.value) / progress.max));
}

/** Go to the paragraph that the address names. */
function arrive() {
  const wanted = ANCHOR.exec(location.hash);
  if (!wanted) return;
  saved = Math.min(Number(wanted[1]), prose.children.length - 1);
  scrollBy(0, prose.children[saved].getBoundingClientRect().top - bar.getBoundingClientRect().bottom);
  history.replaceState(null, "", location.pathname + location.search);
}

function moved() {
  drawing ||= requestAnimationFrame(draw);
  saving ||= setTimeout(save, SAVE_MS);
}

if (form && prose?.children.length) {
  saved = -1;
  form.addEventListener("submit", () => { form.elements.paragraph.value = paragraph(); });
  addEventListener("scroll", moved, { passive: true });
  addEventListener("resize", moved, { passive: true });
  addEventListener("pagehide", save);
  addEventListener("hashchange", arrive);
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(); });
  if (!ANCHOR.test(location.hash)) document.querySelector("[data-stopped]")?.removeAttribute("hidden");
  arrive();
  moved();
}
