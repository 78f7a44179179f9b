/**
 * Places in a text: the server counts Unicode code points, CodeMirror UTF-16 units. They differ by the surrogate pairs
 * before the place, which few texts have; a document's pairs are counted once.
 */
const PAIR = /[\ud800-\udbff][\udc00-\udfff]/g;
const known = new WeakMap();

/** Where each surrogate pair of the document starts, in units, ascending. */
function pairs(doc) {
  let found = known.get(doc);
  if (!found) {
    found = [];
    let at = 0;
    // Chunks of iter() end at line ends, which no pair crosses.
    for (const chunk of doc.iter()) {
      for (const pair of chunk.matchAll(PAIR)) found.push(at + pair.index);
      at += chunk.length;
    }
    known.set(doc, found);
  }
  return found;
}

/** How many of the ascending numbers satisfy `test`, which the first ones do and the rest do not. */
function countWhile(numbers, test) {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(numbers[middle], middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Units to code points. */
export function toPoints(doc, unit) {
  return unit - countWhile(pairs(doc), (start) => start < unit);
}

/** Code points to units, kept within the document. */
export function toUnits(doc, point) {
  const before = countWhile(pairs(doc), (start, index) => start - index < point);
  return Math.min(doc.length, Math.max(0, point + before));
}
