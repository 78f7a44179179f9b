/** What this browser keeps of a choice. Where storage is forbidden, nothing lasts longer than the page. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null; // Forbidden, or no JSON.
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Forbidden.
  }
}
