/**
 * Signing out forgets what this device keeps of the person: words typed in the studio that were never saved.
 *
 * <form data-forgets="PERSON" data-unsaved="QUESTION">: where there are such words the person is asked first.
 */
import { count, forget } from "./studio/drafts.js";

for (const form of document.querySelectorAll("form[data-forgets]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { forgets, unsaved } = form.dataset;
    const kept = await count(forgets).catch(() => 0); // no storage, nothing kept
    if (kept && !window.confirm(unsaved)) return;
    if (kept) await forget(forgets).catch(() => {});
    form.submit();
  });
}
