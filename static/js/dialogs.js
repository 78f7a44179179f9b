/**
 * Questions before an act: <a href="/…/delete/" data-dialog="delete-book"> opens <dialog id="delete-book">.
 *
 * The link leads to a page that asks the same, so without this module nothing is lost. The dialog itself gives focus,
 * Escape and the inert page behind; here is only what opens it and the click beside it that closes it.
 */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
    return;
  }
  if (event.target.closest("[data-dialog-close]")) {
    event.preventDefault();
    event.target.closest("dialog").close();
    return;
  }
  // A click on the backdrop has the dialog itself as its target, outside the dialog's own box.
  if (event.target instanceof HTMLDialogElement) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});
