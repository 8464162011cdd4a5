/* Follows a stream over its socket, from the last number seen, through every break of the line.

   root: an element with data-socket, a [data-light] badge, and template[data-words] with the words
   live, catching-up, offline and no-right. */

const NO_RIGHT = [4401, 4403, 4404];

export function wordsOf(root) {
  const items = root.querySelector("template[data-words]").content.children;
  return new Map([...items].map((item) => [item.dataset.word, item.textContent]));
}

/* `receive(message)` gets every message; `after()` says from where to go on; `say(text)` shows a
   sentence. Returns light(word) and send(message). */
export function follow(root, { words, after, receive, say }) {
  let failures = 0, socket, retry;

  function light(word) {
    const badge = root.querySelector("[data-light]");
    badge.className = `badge live-light ${{ live: "good", "catching-up": "attention", offline: "bad" }[word]}`;
    if (badge.dataset.light !== word) badge.textContent = words.get(word);
    badge.dataset.light = word;
    badge.hidden = false;
  }

  function connect() {
    clearTimeout(retry);
    retry = undefined;
    light("catching-up");
    socket = new WebSocket(`${location.origin.replace("http", "ws")}${root.dataset.socket}?after=${after()}`);
    const late = setTimeout((dying) => dying.close(), 10000, socket);
    socket.addEventListener("open", () => clearTimeout(late));
    socket.addEventListener("message", (message) => { failures = 0; receive(JSON.parse(message.data)); });
    socket.addEventListener("close", (event) => { clearTimeout(late); lost(event.code); });
  }

  function lost(code) {
    light("offline");
    if (NO_RIGHT.includes(code)) return say(words.get("no-right"));
    const wait = Math.min(30000, 500 * 2 ** failures++);
    retry = setTimeout(connect, wait / 2 + Math.random() * wait / 2);
  }

  const again = () => { if (retry) connect(); };
  addEventListener("online", again);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) again(); });
  connect();
  return {
    light,
    send: (message) => { if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); },
  };
}
