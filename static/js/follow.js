/**
 * A part of a page that follows work in the background: [data-follow] names the address of its events.
 *
 * While the part holds a link [data-refresh] something is on its way. Each event "changed" looks again through that link
 * at once; by itself it looks every ten seconds, which is all there is where no events come.
 */
const QUIET_MS = 150;

const part = document.querySelector("[data-follow]");
const link = () => part.querySelector("[data-refresh]");
let source = null;
let waiting = 0;

function look() {
  waiting = 0;
  link()?.dispatchEvent(new Event("refresh"));
}

/** Hold a connection exactly as long as there is something to wait for. */
function tend() {
  if (link() && !source && window.EventSource) {
    source = new EventSource(part.dataset.follow);
    source.addEventListener("changed", () => { waiting ||= setTimeout(look, QUIET_MS); });
  } else if (!link()) {
    close();
  }
}

function close() {
  source?.close();
  source = null;
}

if (part) {
  tend();
  document.body.addEventListener("htmx:afterSwap", (event) => { if (event.target === part) tend(); });
  // A page kept in the browser's memory holds no connection; when it is shown again it looks again.
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted) { look(); tend(); } });
}
