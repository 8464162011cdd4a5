/* A brainstorm: cards followed over a socket, written and mended without leaving the page.

   The page comes with all its cards; every event brings one card as it is now, so that whoever has
   seen an event twice, or late, ends with the same cards. */

import { follow, wordsOf } from "./follow.js";
import { startSorting } from "./brainstorm-sort.js";
import { openCards } from "./brainstorm-card.js";

const root = document.getElementById("brainstorm");
const words = wordsOf(root);
const blanks = root.querySelector("template[data-blanks]").content;
const board = root.querySelector("[data-board]");
const cards = new Map();
let after = Number(root.dataset.after), newest = after;

function authorIn(item) {
  const { hidden, className, title, textContent } = item.querySelector("[data-author]");
  return hidden ? null : { hue: className.replace(/\D/g, "") || "0", name: title, initials: textContent };
}

for (const item of board.querySelectorAll("[data-idea]")) {
  const { idea, parent, group, position, revision } = item.dataset;
  cards.set(Number(idea), {
    id: Number(idea), parent: Number(parent) || null, group: group ?? "", position, revision: Number(revision),
    text: item.querySelector("[data-text]").textContent, author: authorIn(item), item, isMine: "mine" in item.dataset,
  });
}

const say = (text) => { root.querySelector("[data-live-note]").textContent = text; };

function rootOf(card) {
  const above = cards.get(card.parent);
  return above ? rootOf(above) : card;
}

/* Sorts as the server does: what stands under a note comes right behind it. */
function keyOf(card, top) {
  const above = cards.get(card.parent);
  const own = `${card.position}!${String(card.id).padStart(10, "0")}`;
  return above && above !== top ? `${keyOf(above, top)}/${own}` : own;
}

/* What stands under a card that was taken away is out of sight with it. */
const isGone = (card) => card.isRemoved || (card.parent ? !cards.has(card.parent) || isGone(cards.get(card.parent)) : false);

function groupOf(name) {
  const sections = [...board.querySelectorAll("[data-group-section]")];
  let section = sections.find((other) => other.dataset.groupSection === name);
  if (!section) {
    section = blanks.querySelector("[data-group-section]").cloneNode(true);
    section.dataset.groupSection = name;
    section.querySelector("[data-group-name]").textContent = name;
    if (name) board.append(section);
    else board.prepend(section);
  }
  return section;
}

function insert(list, card, keyed) {
  const key = keyed(card);
  const next = [...list.children].find((item) => item !== card.item && keyed(cards.get(Number(item.dataset.idea))) > key);
  if (card.item.parentElement === list && card.item.nextElementSibling === (next ?? null)) return;
  list.insertBefore(card.item, next ?? null);
}

function paint(card) {
  const { item } = card;
  item.id = `idea-${card.id}`;
  item.dataset.idea = card.id;
  item.querySelector("[data-text]").textContent = card.text;
  const author = item.querySelector("[data-author]");
  author.className = card.author ? `author a${card.author.hue}` : "author";
  author.title = card.author?.name ?? words.get("nobody");
  author.textContent = card.author?.initials ?? "";
  author.hidden = !card.author;
  const link = item.querySelector("a[data-open]");
  link?.setAttribute("href", link.getAttribute("href").replace(/\/\d+\/$/, `/${card.id}/`));
}

function place(card) {
  const kind = card.parent ? "note" : "card";
  if (card.item && card.item.dataset.kind !== kind) { card.item.remove(); card.item = null; }
  if (isGone(card)) { card.item?.remove(); return; }
  card.item ??= blanks.querySelector(`[data-kind="${kind}"]`).cloneNode(true);
  paint(card);
  if (kind === "note") {
    const top = rootOf(card);
    if (top.item) insert(top.item.querySelector("[data-notes]"), card, (other) => keyOf(other, top));
  } else insert(groupOf(card.group).querySelector("[data-cards]"), card, (other) => keyOf(other));
}

const below = (card) => [...cards.values()].filter((other) => other.parent === card.id).flatMap((other) => [other, ...below(other)]);

function draw(facts) {
  const known = cards.get(facts.id);
  const card = Object.assign(known ?? { item: null }, {
    id: facts.id, parent: facts.parent, group: facts.group, position: facts.position,
    revision: facts.revision, text: facts.text, author: facts.author, isRemoved: facts.is_removed,
  });
  cards.set(card.id, card);
  place(card);
  if (!known || known.item) below(card).forEach(place);
  dialog?.changed(card);
  tidy();
}

function tidy() {
  for (const section of board.querySelectorAll("[data-group-section]")) {
    if (!section.querySelector("[data-cards]").children.length) section.remove();
  }
  const count = [...cards.values()].filter((card) => !card.parent && !card.isRemoved).length;
  root.querySelector("[data-count]").textContent = count;
  root.querySelector("[data-no-cards]").hidden = count > 0;
}

/* Who is typing: shown for a few seconds, a word for all of them. */
const typists = new Map(), marks = new Set();

function showTyping({ mark, author, idea }) {
  if (marks.delete(mark)) return;
  typists.set(`${author?.name ?? ""}/${idea}`, { until: Date.now() + 3000, initials: author?.initials ?? words.get("somebody") });
  listTyping();
}

function listTyping() {
  for (const [key, { until }] of typists) if (until < Date.now()) typists.delete(key);
  const place = root.querySelector("[data-typing]");
  if (!place) return;
  const names = [...new Set([...typists.values()].map(({ initials }) => initials))];
  place.textContent = names.length ? words.get("typing").replace("%s", names.slice(0, 4).join(", ") + (names.length > 4 ? " …" : "")) : "";
}
setInterval(listTyping, 1000);

let typedAt = 0;
function typing(idea) {
  if (Date.now() < typedAt + 1500) return;
  typedAt = Date.now();
  const mark = crypto.randomUUID?.().slice(0, 32) ?? String(Math.random());
  marks.add(mark);
  stream.send({ type: "typing", idea, mark });
}

/* What one has just taken away comes back by one button. */
const takingAway = new Set();

function offerUndo(seq) {
  const toast = blanks.querySelector(".toast").cloneNode(true);
  toast.querySelector("button").addEventListener("click", async () => {
    const { ok, facts, sentence } = await send(`events/${seq}/undo/`, "POST", {});
    if (ok) draw(facts);
    say(sentence);
    toast.remove();
    cards.get(facts.id)?.item?.querySelector("a[data-open]")?.focus();
  });
  root.querySelector("[data-toasts]").append(toast);
  // The card that had the keyboard is gone; and a button is not taken from under the keyboard.
  if (document.activeElement === document.body) toast.querySelector("button").focus();
  const leave = () => { if (toast.contains(document.activeElement)) setTimeout(leave, 2000); else toast.remove(); };
  setTimeout(leave, 10000);
}

function receive(message) {
  if (message.type === "typing") return showTyping(message);
  if (message.type === "snapshot") newest = message.brainstorm.last_seq;
  if (message.type === "events") {
    for (const { seq, kind, idea, notes = [] } of message.events) {
      if (seq <= after) continue;
      after = seq;
      [idea, ...notes].forEach(draw);
      if (kind === "removed" && takingAway.delete(idea.id)) offerUndo(seq);
    }
    newest = Math.max(newest, after);
  } else {
    showOpen(message.brainstorm.is_open);
  }
  stream?.light(after < newest ? "catching-up" : "live");
}

/* The field at the foot: what could not be sent stays in it. */
const form = root.querySelector("[data-new-card]");

/* Opened or closed elsewhere. Words half written stay in sight, to be copied. */
function showOpen(isOpen) {
  say(isOpen ? "" : words.get("closed"));
  root.toggleAttribute("data-closed", !isOpen);
  for (const badge of document.querySelectorAll("[data-while-open]")) badge.hidden = !isOpen;
  for (const badge of document.querySelectorAll("[data-while-closed]")) badge.hidden = isOpen;
  if (!form) return;
  const isKept = !isOpen && form.elements.text.value.trim() !== "";
  form.hidden = !isOpen && !isKept;
  form.querySelector("button").disabled = !isOpen;
  const error = form.querySelector("[data-error]");
  error.textContent = isKept ? words.get("unsent") : "";
  error.hidden = !isKept;
}

async function send(path, method, body) {
  const token = root.querySelector("[name=csrfmiddlewaretoken]").value;
  try {
    const answer = await fetch(`${root.dataset.api}${path}`, {
      method, headers: { "Content-Type": "application/json", "X-CSRFToken": token }, body: body && JSON.stringify(body),
    });
    const facts = answer.status === 204 ? {} : await answer.json();
    return { ok: answer.ok, facts, sentence: answer.ok ? "" : facts.detail };
  } catch {
    return { ok: false, facts: {}, sentence: words.get("not-sent") };
  }
}

async function post(event) {
  event.preventDefault();
  const field = form.elements.text, error = form.querySelector("[data-error]"), button = form.querySelector("button");
  if (!field.value.trim()) return field.focus();
  button.disabled = true;
  const { ok, facts, sentence } = await send("ideas/", "POST", {
    text: field.value, is_anonymous: form.elements.is_anonymous?.checked ?? false,
  });
  if (ok) {
    field.value = "";
    if (!cards.has(facts.id)) draw(facts);
    cards.get(facts.id).isMine = true;
    cards.get(facts.id).item?.scrollIntoView({ block: "nearest" });
  }
  error.textContent = sentence;
  error.hidden = !sentence;
  button.disabled = false;
  field.focus();
}

form?.addEventListener("submit", post);
form?.elements.text.addEventListener("input", () => typing(null));
const dialog = openCards({ root, board, cards, send, typing, rootOf, draw, takingAway });
if ("sorts" in root.dataset) startSorting({ board, cards, send, words, say });
const stream = follow(root, { words, after: () => after, receive, say });
