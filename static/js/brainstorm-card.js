/* One card in a dialog: its words, a note under it, where it stands, away with it. */

export function openCards({ root, board, cards, send, typing, rootOf, draw, takingAway }) {
  const dialog = root.querySelector("[data-card-dialog]");
  if (!dialog) return null;
  const part = (name) => dialog.querySelector(`[data-${name}]`);
  const edit = part("edit-form"), note = part("note-form"), sort = part("sort-form");
  let card, revision;

  function show(id) {
    card = cards.get(id);
    revision = card.revision;
    const top = rootOf(card);
    edit.elements.text.value = card.text;
    part("theirs").hidden = true;
    part("note-part").hidden = card !== top;
    part("remove").hidden = !card.isMine && !("runs" in root.dataset);
    part("history").href = part("history").getAttribute("href").replace(/\/\d+\/$/, `/${id}/`);
    fillSorting(top);
    fail("");
    dialog.showModal();
    edit.elements.text.focus();
  }

  function fillSorting(top) {
    if (!sort) return;
    const others = [...board.querySelectorAll("[data-kind=card]")].map((item) => cards.get(Number(item.dataset.idea))).filter((other) => other !== card);
    const into = sort.elements.into;
    into.replaceChildren(new Option("", ""), ...others.map((other) => new Option(other.text.slice(0, 80), other.id)));
    part("merge-part").hidden = card !== top || !others.length;
    part("split").hidden = card === top;
    part("group-part").hidden = card !== top;
    sort.elements.group.value = card.group;
    const groups = [...new Set([...cards.values()].map(({ group }) => group))].filter(Boolean);
    part("groups").replaceChildren(...groups.map((group) => new Option(group)));
  }

  function fail(sentence) {
    const error = part("error");
    error.textContent = sentence;
    error.hidden = !sentence;
  }

  function showTheirs(text) {
    part("theirs").hidden = false;
    part("their-words").textContent = text;
  }

  async function act(path, method, body) {
    const { ok, facts, sentence } = await send(`ideas/${card.id}/${path}`, method, body);
    fail(sentence);
    if (facts.code === "changed_meanwhile" && facts.idea) {
      // Theirs stands above, one's own in the field: what is sent next is written over theirs.
      revision = facts.idea.revision;
      showTheirs(facts.idea.text);
      edit.elements.text.focus();
    }
    if (ok && facts.id) draw(facts);
    if (ok) dialog.close();
    return ok;
  }

  const anonymous = (form) => form.elements.is_anonymous?.checked ?? false;

  edit.addEventListener("submit", (event) => {
    event.preventDefault();
    act("", "PATCH", { text: edit.elements.text.value, revision, is_anonymous: anonymous(edit) });
  });
  edit.elements.text.addEventListener("input", () => typing(card.id));
  note.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = note.elements.text.value;
    const { ok, facts, sentence } = await send("ideas/", "POST", { text, parent: card.id, is_anonymous: anonymous(note) });
    fail(sentence);
    if (!ok) return;
    if (!cards.has(facts.id)) draw(facts);
    cards.get(facts.id).isMine = true;
    note.elements.text.value = "";
    dialog.close();
  });
  sort?.addEventListener("submit", (event) => {
    event.preventDefault();
    const step = event.submitter?.value, items = [...board.querySelectorAll("[data-kind=card]")].map((item) => Number(item.dataset.idea));
    const at = items.indexOf(card.id);
    if (step === "up") act("move/", "POST", { before: items[at - 1] ?? card.id });
    else if (step === "down") act("move/", "POST", { before: items[at + 2] ?? null });
    else if (step === "split") act("split/", "POST", {});
    else if (step === "merge" && sort.elements.into.value) act("merge/", "POST", { into: Number(sort.elements.into.value) });
    else if (step === "group") act("move/", "POST", { before: card.id, group: sort.elements.group.value });
  });
  part("remove").addEventListener("click", async () => {
    takingAway.add(card.id);
    if (!await act("", "DELETE")) takingAway.delete(card.id);
  });
  part("close").addEventListener("click", () => dialog.close());
  board.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-open]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(Number(link.closest("[data-idea]").dataset.idea));
  });
  dialog.addEventListener("close", () => card.item?.querySelector("a[data-open]")?.focus());

  return {
    changed(other) {
      if (dialog.open && other === card && other.revision !== revision && other.text !== edit.elements.text.value) showTheirs(other.text);
    },
  };
}
