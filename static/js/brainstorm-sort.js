/* Cards dragged by their handle, with a mouse, a pen or a finger; a line shows where one lands.
   By keyboard the same is done in the card's dialog. */

export function startSorting({ board, cards, send, words, say }) {
  let held = null, target = null;

  function under(event) {
    const item = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-kind=card]");
    if (!item || item === held) return null;
    const { top, height, left, width } = item.getBoundingClientRect();
    const isBeside = item.parentElement.classList.contains("cards") && width < item.parentElement.clientWidth / 2;
    const isAfter = isBeside ? event.clientX > left + width / 2 : event.clientY > top + height / 2;
    return { item, isAfter };
  }

  function mark(next) {
    target?.item.classList.remove("lands-before", "lands-after");
    target = next;
    target?.item.classList.add(target.isAfter ? "lands-after" : "lands-before");
  }

  board.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest("[data-handle]");
    if (!handle || event.button) return;
    held = handle.closest("[data-kind=card]");
    held.classList.add("held");
    board.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  board.addEventListener("pointermove", (event) => { if (held) mark(under(event)); });
  board.addEventListener("pointercancel", () => drop(false));
  board.addEventListener("pointerup", () => drop(true));

  async function drop(isMeant) {
    if (!held) return;
    const item = held, place = target;
    mark(null);
    item.classList.remove("held");
    held = null;
    if (!isMeant || !place) return;
    const before = place.isAfter ? place.item.nextElementSibling : place.item;
    const group = cards.get(Number(place.item.dataset.idea)).group;
    const { ok, sentence } = await send(`ideas/${item.dataset.idea}/move/`, "POST", {
      before: before && before !== item ? Number(before.dataset.idea) : null, group,
    });
    say(ok ? "" : sentence || words.get("not-sent"));
  }
}
