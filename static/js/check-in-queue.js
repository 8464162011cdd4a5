/* What this device counted and the site has not confirmed.

   One entry, one key of the local storage: two tabs never overwrite each other's. Each entry has
   a number of its own, so an entry whose answer was lost can be sent again and adds nothing. */

export function newNumber() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

/* An answer of the API: `{status, body}`; status 0 where none came. */
export async function ask(url, method = "GET", body = undefined) {
  try {
    const headers = { Accept: "application/json", "X-CSRFToken": cookie("csrftoken") };
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(url, {
      method, headers, body: body && JSON.stringify(body), credentials: "same-origin", cache: "no-store",
    });
    return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
  } catch {
    return { status: 0, body: null };
  }
}

export class Queue {
  constructor(slug, url) {
    this.prefix = `check-in:${slug}:entry:`;
    this.url = url;
    this.sending = null;
  }

  entries() {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).sort((a, b) => a.came_at.localeCompare(b.came_at));
  }

  waiting() {
    return this.entries().filter((entry) => !entry.refused);
  }

  put(entry) {
    localStorage.setItem(this.prefix + entry.client_id, JSON.stringify(entry));
  }

  drop(entry) {
    localStorage.removeItem(this.prefix + entry.client_id);
  }

  /* Send what waits, oldest first. `onAnswer(entry, answer)` hears of each that was decided.
     Resolves to the last status; 0 where the network is away. */
  flush(onAnswer) {
    this.sending ??= this.#sendAll(onAnswer).finally(() => { this.sending = null; });
    return this.sending;
  }

  async #sendAll(onAnswer) {
    let status = 200;
    const tried = new Set();
    for (;;) {
      const entry = this.waiting().find((one) => !tried.has(one.client_id));
      if (!entry) return status;
      tried.add(entry.client_id);
      const { label, refused, ...body } = entry;
      const answer = await ask(this.url, "POST", body);
      status = answer.status;
      if (status === 200 || status === 201) this.drop(entry);
      else if ([404, 409, 422].includes(status)) this.put({ ...entry, refused: answer.body.detail });
      else return status;
      onAnswer(entry, answer);
    }
  }
}
