/**
 * A list whose items are put in another order: dragged by pointer or finger, or moved by Alt with an arrow key.
 *
 * order(list, {handle, onMove}) → {move(item, to)}. `handle` is the selector of what is dragged inside an item; onMove(item, to)
 * is called once an item has another place (from 0) in the list. Items make way while one is dragged; Escape lets it fall back.
 */
const EDGE = 60; // pixels from the window's edge where a drag begins to scroll
const STEP = 14; // pixels a frame

export function order(list, { handle, onMove }) {
  const items = () => [...list.children];
  let drag = null;

  function move(item, to) {
    const others = items().filter((one) => one !== item);
    const place = Math.max(0, Math.min(to, others.length));
    if (items().indexOf(item) === place) return false;
    if (place === others.length) list.append(item);
    else others[place].before(item);
    return true;
  }

  function start(event) {
    const grip = event.target.closest(handle);
    if (!grip || event.button !== 0 || drag) return;
    event.preventDefault();
    const all = items();
    const item = all.find((one) => one.contains(grip));
    const boxes = all.map((one) => ({ top: one.offsetTop, height: one.offsetHeight }));
    drag = { item, all, boxes, from: all.indexOf(item), to: all.indexOf(item), grip, y: event.clientY, scroll: scrollY, at: event.clientY, frame: 0 };
    grip.setPointerCapture(event.pointerId);
    grip.focus();
    list.classList.add("is-ordering");
    item.classList.add("is-dragged");
    drag.frame = requestAnimationFrame(draw);
  }

  /** Where the dragged item's middle is decides; those it has passed step aside by its height. */
  function draw() {
    if (!drag) return;
    if (drag.at < EDGE) scrollBy(0, -STEP);
    else if (drag.at > innerHeight - EDGE) scrollBy(0, STEP);
    const shift = drag.at - drag.y + scrollY - drag.scroll;
    const own = drag.boxes[drag.from];
    const middle = own.top + own.height / 2 + shift;
    drag.to = drag.boxes.filter((box, index) => index !== drag.from && box.top + box.height / 2 < middle).length;
    drag.all.forEach((one, index) => {
      let by = 0;
      if (one === drag.item) by = shift;
      else if (index > drag.from && index <= drag.to) by = -own.height;
      else if (index < drag.from && index >= drag.to) by = own.height;
      one.style.setProperty("--shift", `${by}px`);
    });
    drag.frame = requestAnimationFrame(draw);
  }

  function end(keep) {
    if (!drag) return;
    const { item, all, to, from, grip, frame } = drag;
    drag = null;
    cancelAnimationFrame(frame);
    list.classList.remove("is-ordering");
    item.classList.remove("is-dragged");
    for (const one of all) one.style.removeProperty("--shift");
    if (!keep || to === from) return;
    move(item, to);
    grip.focus();
    onMove(item, to);
  }

  list.addEventListener("pointerdown", start);
  list.addEventListener("pointermove", (event) => { if (drag) drag.at = event.clientY; });
  list.addEventListener("pointerup", () => end(true));
  list.addEventListener("pointercancel", () => end(false));
  list.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) { event.preventDefault(); end(false); return; }
    const item = event.altKey && event.target.closest(handle) && items().find((one) => one.contains(event.target));
    if (!item || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    const to = items().indexOf(item) + (event.key === "ArrowUp" ? -1 : 1);
    const moved = move(item, to);
    event.target.focus();
    item.scrollIntoView({ block: "nearest" });
    onMove(item, moved ? to : items().indexOf(item), moved);
  });
  return { move };
}
