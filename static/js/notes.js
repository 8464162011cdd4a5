/* Live notes: followed over a socket from the last number seen, posted without leaving the page. */

import { follow, wordsOf } from "./follow.js";

const root = document.getElementById("notes");
const words = wordsOf(root);
const list = root.querySelector("[data-notes]");
const blank = root.querySelector("template[data-note-template]").content.querySelector("li");
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: root.dataset.zone });
const moderates = "moderates" in root.dataset;
let after = Number(root.dataset.after), newest = after;

const say = (text) => { root.querySelector("[data-live-note]").textContent = text; };
const itemOf = (id) => list.querySelector(`[data-note="${id}"]`);

function draw(note) {
  const item = itemOf(note.id) ?? blank.cloneNode(true);
  item.dataset.note = note.id;
  item.classList.remove("note-hidden");
  const time = item.querySelector("time");
  time.dateTime = note.at;
  time.textContent = clock.format(new Date(note.at));
  item.querySelector("[data-author]").textContent = note.author;
  item.querySelector("[data-text]").textContent = note.text;
  for (const form of item.querySelectorAll("form")) form.setAttribute("action", form.getAttribute("action").replace(/\/\d+\/(hide|restore)\/$/, `/${note.id}/$1/`));
  mark(item, false);
  if (!item.isConnected) list.insertBefore(item, [...list.children].find((other) => Number(other.dataset.note) < note.id) ?? null);
}

function mark(item, isHidden) {
  if (!moderates) return;
  item.classList.toggle("note-hidden", isHidden);
  item.querySelector("[data-hidden-word]").hidden = !isHidden;
  item.querySelector("[data-hide]").hidden = isHidden;
  item.querySelector("[data-restore]").hidden = !isHidden;
}

function take({ seq, note }) {
  if (seq <= after) return;
  after = seq;
  const item = itemOf(note.id);
  if (!note.is_hidden) draw(note);
  else if (item && moderates) mark(item, true);
  else item?.remove();
}

function receive(message) {
  if (message.type === "snapshot") newest = message.last_seq;
  if (message.type === "events") {
    message.events.forEach(take);
    newest = Math.max(newest, after);
  }
  if (message.type !== "events") say(message.is_open ? "" : words.get("closed"));
  root.querySelector("[data-no-notes]").hidden = list.children.length > 0;
  stream.light(after < newest ? "catching-up" : "live");
}

async function post(event) {
  event.preventDefault();
  const form = event.target, field = form.elements.text, error = form.querySelector("[data-note-error]");
  const button = form.querySelector("button");
  let sentence = words.get("not-sent");
  button.disabled = true;
  try {
    const answer = await fetch(form.dataset.api, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body: JSON.stringify({ text: field.value }),
    });
    sentence = answer.ok ? "" : (await answer.json()).detail;
    if (answer.ok) field.value = "";
  } catch { /* said below */ }
  error.textContent = sentence;
  error.hidden = !sentence;
  button.disabled = false;
  field.focus();
}

root.querySelector("[data-note-form]")?.addEventListener("submit", post);
const stream = follow(root, { words, after: () => after, receive, say });
