/* Ranking: options are buttons that number themselves, and the chosen ones stand once more in their
   order, to be moved. The form's own number fields carry what is sent. */

import { fill, keeper, wordsOf } from "./ballot-keep.js";

const form = document.querySelector("[data-ballot]");
const words = wordsOf(form);
const ordinals = words.get("ordinals").split(" "), numbers = words.get("numbers").split(" ");
const most = Number(form.dataset.most);
const kept = keeper(form.dataset);
const chosen = form.querySelector("[data-chosen]"), order = form.querySelector("[data-order]");
const blank = form.querySelector("template[data-row]").content.querySelector("li");
const options = new Map();
let ranking = [];

for (const item of form.querySelectorAll("[data-option]")) {
  const label = item.querySelector("[data-title]");
  const pick = document.createElement("button");
  pick.type = "button";
  pick.className = "rank-pick";
  const badge = document.createElement("span"), title = document.createElement("span"), place = document.createElement("span");
  badge.className = "rank-badge";
  badge.ariaHidden = "true";
  title.textContent = label.textContent;
  place.className = "visually-hidden";
  pick.append(badge, title, place);
  label.replaceWith(pick);
  const field = item.querySelector("[data-field]");
  field.hidden = true;
  options.set(item.dataset.option, { item, pick, badge, place, input: field.querySelector("input"), title: label.textContent });
}

const titleOf = (id) => options.get(id).title;
const say = (text) => { form.querySelector("[data-said]").textContent = text; };
const values = () => ({ n: ranking.length, most });
const placed = (id) => {
  const place = ranking.indexOf(id) + 1;
  return fill(words.get("placed"), { title: titleOf(id), nth: ordinals[place - 1] ?? place, many: numbers[most - 1] ?? most });
};

function line(id, place) {
  const item = blank.cloneNode(true);
  item.dataset.line = id;
  item.querySelector("[data-number]").textContent = place + 1;
  item.querySelector("[data-name]").textContent = titleOf(id);
  for (const [name, by] of [["up", -1], ["down", 1]]) {
    const button = item.querySelector(`[data-${name}]`);
    button.querySelector("[data-label]").textContent = fill(words.get(name), { title: titleOf(id) });
    button.disabled = (name === "up" && place === 0) || (name === "down" && place === ranking.length - 1);
    button.addEventListener("click", () => move(id, by, name));
  }
  item.querySelector("[data-handle]").addEventListener("pointerdown", (event) => drag(event, item));
  return item;
}

function draw() {
  for (const [id, { item, pick, badge, place, input }] of options) {
    const at = ranking.indexOf(id);
    item.classList.toggle("chosen", at >= 0);
    pick.ariaPressed = String(at >= 0);
    badge.textContent = at >= 0 ? at + 1 : "";
    place.textContent = at >= 0 ? `, ${at + 1}` : "";
    input.value = at >= 0 ? at + 1 : "";
  }
  order.replaceChildren(...ranking.map(line));
  chosen.hidden = ranking.length === 0;
  form.querySelector("[data-count]").textContent = ranking.length ? fill(words.get("count"), values()) : words.get("start");
  form.classList.toggle("is-full", ranking.length === most);
}

function change(next) {
  ranking = next;
  kept.write(ranking);
  draw();
}

function toggle(id) {
  if (ranking.includes(id)) {
    change(ranking.filter((other) => other !== id));
    say(fill(words.get("out"), { ...values(), title: titleOf(id) }));
  } else if (ranking.length === most) {
    say(fill(words.get("full"), values()));
    form.querySelector("[data-count]").textContent = fill(words.get("full"), values());
  } else {
    change([...ranking, id]);
    say(placed(id));
  }
}

function put(id, place) {
  const rest = ranking.filter((other) => other !== id);
  rest.splice(place, 0, id);
  change(rest);
}

function move(id, by, button) {
  const at = ranking.indexOf(id), to = at + by;
  if (at < 0 || to < 0 || to >= ranking.length) return;
  put(id, to);
  say(placed(id));
  if (!button) return;
  const row = order.querySelector(`[data-line="${id}"]`);
  const again = row.querySelector(`[data-${button}]`);
  (again.disabled ? row.querySelector(button === "up" ? "[data-down]" : "[data-up]") : again).focus();
}

function drag(event, item) {
  if (event.button !== 0) return;
  event.preventDefault();
  const handle = event.currentTarget, id = item.dataset.line;
  handle.setPointerCapture(event.pointerId);
  item.classList.add("dragged");
  const follow = ({ clientY }) => {
    const others = [...order.children].filter((other) => other !== item);
    const next = others.find((other) => { const box = other.getBoundingClientRect(); return clientY < box.top + box.height / 2; });
    if (next !== item.nextElementSibling) order.insertBefore(item, next ?? null);
    if (!handle.hasPointerCapture(event.pointerId)) handle.setPointerCapture(event.pointerId);
  };
  const drop = () => {
    handle.removeEventListener("pointermove", follow);
    change([...order.children].map((other) => other.dataset.line));
    say(placed(id));
  };
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", drop, { once: true });
  handle.addEventListener("pointercancel", drop, { once: true });
}

for (const [id, { pick }] of options) {
  pick.addEventListener("click", () => toggle(id));
  pick.addEventListener("keydown", (event) => {
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    move(id, event.key === "ArrowUp" ? -1 : 1);
  });
}

form.addEventListener("submit", (event) => {
  if (ranking.length) return;
  event.preventDefault();
  say(words.get("none"));
  form.querySelector("[data-count]").textContent = words.get("none");
});

const typed = [...options].filter(([, { input }]) => input.value).sort(([, one], [, other]) => one.input.value - other.input.value).map(([id]) => id);
const before = "refused" in form.dataset ? null : kept.read()?.filter((id) => options.has(id)).slice(0, most);
ranking = before ?? typed.slice(0, most);
draw();
if (before?.length && String(before) !== String(typed)) say(words.get("kept"));
