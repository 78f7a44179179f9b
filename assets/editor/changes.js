/**
 * The smallest changes that make one text of another: first by lines (Myers, 1986), then by characters within what
 * differs. What stands untouched between two changes keeps the cursor, the marks and the place on the screen.
 */

// Beyond so many differing lines the search costs more than it saves: then the whole difference is one change.
const MOST_EDITS = 400;

/** Changes for a CodeMirror transaction: `[{from, to, insert}]`, in units of `old`. */
export function changesBetween(old, text) {
  if (old === text) return [];
  const before = old.split(/(?<=\n)/);
  const after = text.split(/(?<=\n)/);
  const { head, tail } = sharedEnds(before, after);
  const start = before.slice(0, head).join("").length;
  const steps = script(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return runs(steps, start).map(trimmed);
}

/** How many items two lists (or characters two texts) share at their start, and then at their end. */
function sharedEnds(a, b) {
  const most = Math.min(a.length, b.length);
  let head = 0;
  while (head < most && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return { head, tail };
}

/** The edit script: `["keep" | "gone" | "come", line]` in order. */
function script(a, b) {
  const limit = Math.min(MOST_EDITS, a.length + b.length);
  const trace = [];
  const reach = new Map([[1, 0]]);
  for (let edits = 0; edits <= limit; edits++) {
    trace.push(new Map(reach));
    for (let k = -edits; k <= edits; k += 2) {
      let x = came(reach, k, edits) ? reach.get(k + 1) : reach.get(k - 1) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(a, b, trace);
    }
  }
  return [...a.map((line) => ["gone", line]), ...b.map((line) => ["come", line])];
}

/** Whether the farthest path to diagonal `k` ends with a line of the new text. */
function came(reach, k, edits) {
  return k === -edits || (k !== edits && reach.get(k - 1) < reach.get(k + 1));
}

function walkBack(a, b, trace) {
  const steps = [];
  let x = a.length;
  let y = b.length;
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const k = x - y;
    const from = came(trace[edits], k, edits) ? k + 1 : k - 1;
    const oldX = trace[edits].get(from);
    while (x > oldX && y > Math.max(0, oldX - from)) {
      steps.push(["keep", a[--x]]);
      y--;
    }
    if (!edits) break;
    steps.push(x === oldX ? ["come", b[--y]] : ["gone", a[--x]]);
  }
  return steps.reverse();
}

/** Neighbouring steps that are not kept, as one: `{from, gone, come}`. */
function runs(steps, start) {
  const found = [];
  let at = start;
  let run = null;
  for (const [kind, line] of steps) {
    if (kind === "keep") run = null;
    else {
      if (!run) found.push((run = { from: at, gone: "", come: "" }));
      run[kind] += line;
    }
    if (kind !== "come") at += line.length;
  }
  return found;
}

/** A run cut down to the characters that differ; no surrogate pair is cut in two. */
function trimmed({ from, gone, come }) {
  let { head, tail } = sharedEnds(gone, come);
  if (head && isHigh(gone.charCodeAt(head - 1))) head--;
  if (tail && isLow(gone.charCodeAt(gone.length - tail))) tail--;
  return { from: from + head, to: from + gone.length - tail, insert: come.slice(head, come.length - tail) };
}

const isHigh = (unit) => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit) => unit >= 0xdc00 && unit <= 0xdfff;
