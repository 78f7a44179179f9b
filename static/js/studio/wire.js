/**
 * Requests of the studio, and what they came to: {kind, data, wait}.
 *
 *   ok          the server's answer is in `data`
 *   met         409: another text stands; `data` is the merge
 *   refused     422: `data.message` says why
 *   forbidden   403: the same, of a right
 *   gone        404: the chapter is in the trash, or not open to this person any more
 *   too-long    the text is larger than any server takes
 *   busy        429 or 5xx: to be tried again, after `wait` milliseconds where the server said so
 *   away        no answer: offline, or the server is
 *   signed-out  the session is over; or `data.somebodyElse`: another person's has begun in this browser
 */
const PATIENCE_MS = 20_000;

export class Wire {
  /** `token` is the form's field that holds it, `text` the address of the chapter's state. */
  constructor({ token, person, text }) {
    Object.assign(this, { token, person, text });
  }

  /** Send fields; a token that a newer session made useless is renewed once. */
  async post(address, fields, { keepalive = false } = {}) {
    const answer = await this.#send(address, fields, keepalive);
    if (answer.kind !== "forbidden" || answer.data?.code !== "csrf") return answer;
    const back = await this.get(this.text);
    return back.kind === "ok" ? this.#send(address, fields, keepalive) : back;
  }

  /** Read the chapter's state; it brings the present token, and tells whose session this is. */
  async get(address) {
    const answer = await this.#ask(address, {});
    if (answer.kind !== "ok") return answer;
    if (answer.data.person !== this.person) return { kind: "signed-out", data: { somebodyElse: true } };
    this.#renew(answer.data.token);
    return answer;
  }

  #renew(token) {
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
  }

  #send(address, fields, keepalive) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    return this.#ask(address, { method: "POST", body, keepalive, headers: { "X-CSRFToken": this.token.value } });
  }

  async #ask(address, { headers = {}, ...options }) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const response = await fetch(address, { ...options, signal, headers: { Accept: "application/json", ...headers } });
      return await read(response);
    } catch {
      return { kind: "away" };
    }
  }
}

const KINDS = { 400: "too-long", 401: "signed-out", 404: "gone", 409: "met", 413: "too-long", 422: "refused", 403: "forbidden" };

async function read(response) {
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
  const data = isJson ? await response.json() : null;
  // Whoever is signed out is led to the sign-in page, which is no answer to what was asked.
  if (response.ok) return data?.version ? { kind: "ok", data } : { kind: response.redirected ? "signed-out" : "away" };
  const kind = KINDS[response.status] ?? "busy";
  if (kind === "met" && !data?.parts) return { kind: "busy", data: data?.error };
  return { kind, data: data?.error ?? data, wait: 1000 * Number(response.headers.get("Retry-After") ?? 0) };
}
