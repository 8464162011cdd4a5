/* A ballot begun stays on this device until it is sent, for each poll and account. It belongs to
   the ballot that was there when it was begun: once another one is in, it is dropped. A ballot that
   says no name to keep it under, a secret one, stays in its page alone. */

export function keeper({ keep, version }) {
  if (!keep) return { read: () => null, write() {}, clear() {} };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(keep));
    } catch {
      return null; // no storage here, or nothing of ours in it
    }
  };
  const clear = () => {
    try {
      localStorage.removeItem(keep);
    } catch { /* then there is nothing to clear */ }
  };
  const read = () => {
    const found = kept();
    if (found && found.version !== version) clear();
    return found?.version === version ? found.value : null;
  };
  const write = (value) => {
    try {
      localStorage.setItem(keep, JSON.stringify({ version, value }));
    } catch { /* the page still holds it */ }
  };
  return { read, write, clear };
}

export const wordsOf = (root) =>
  new Map([...root.querySelector("template[data-words]").content.children].map((item) => [item.dataset.word, item.textContent]));

export const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
