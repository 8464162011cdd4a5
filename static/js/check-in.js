/* The check-in page: the same forms, and they go on working when the network does not.

   What is shown is the roster the page came with, what the site last said came, and what waits
   on this device. */

import { canScan, startScan } from "./check-in-camera.js";
import { ask, newNumber, Queue } from "./check-in-queue.js";

const POLL_MS = 5000;
const FORGET_MS = 14 * 24 * 3600 * 1000; // as the worker does with the page
const door = document.getElementById("door");
const part = (name, root = door) => root.querySelector(`[data-${name}]`);
const words = Object.fromEntries(
  [...document.querySelectorAll("#door-words dt")].map((dt) => [dt.textContent, dt.nextElementSibling.textContent]),
);
const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const knownKey = `check-in:${door.dataset.slug}:known`;
const queue = new Queue(door.dataset.slug, door.dataset.api);

const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: door.dataset.zone });

let roster = readRoster(document);
forgetOldDoors();
let known = JSON.parse(localStorage.getItem(knownKey) ?? "null") ?? { results: [], totals: null };
let status = 200;
let rosterReadAt = Date.now();

function readRoster(page) {
  return JSON.parse(page.getElementById("door-roster").textContent);
}

export function normalCode(typed) {
  return typed.replace(/[\s\-\u2010-\u2015_.]+/g, "").toUpperCase().replaceAll("O", "0").replace(/[IL]/g, "1");
}

/* Who is in: what the site says, then what waits here. */

function everybodyIn() {
  const codes = new Set(known.results.map((row) => row.code).filter(Boolean));
  const numbers = new Set(known.results.map((row) => row.client_id));
  const here = queue.waiting().filter((entry) => !numbers.has(entry.client_id) && !codes.has(entry.code));
  return [...here.toReversed().map((entry) => ({ ...entry, name: entry.label, waits: true })), ...known.results];
}

function missing(inside) {
  const codes = new Set(inside.map((row) => row.code));
  return roster.filter((row) => row.expected && !codes.has(row.code));
}

/* Drawing. */

function fill(name, rows, draw) {
  const template = part(`${name}-row`).content.firstElementChild;
  part(name).replaceChildren(...rows.map((row) => {
    const item = template.cloneNode(true);
    for (const place of item.querySelectorAll("[data-name]")) place.textContent = row.name;
    draw(item, row);
    return item;
  }));
}

const peopleWords = (people) => (people > 1 ? say("people", { n: people }) : "");

function draw() {
  const inside = everybodyIn(), waiting = queue.waiting(), away = missing(inside);
  const sum = (rows) => rows.reduce((people, row) => people + row.people, 0);
  part("came").textContent = sum(inside);
  part("walk-ins").textContent = sum(inside.filter((row) => !row.code));
  if (known.totals) part("going").textContent = known.totals.going;
  part("missing-count").textContent = away.length;
  part("nobody-missing").hidden = away.length > 0;
  part("nobody-in").hidden = inside.length > 0;
  drawMissing(away);
  fill("in", inside, drawIn);
  drawRefused(queue.entries().filter((entry) => entry.refused));
  drawLight(waiting.length);
}

function drawMissing(away) {
  const sought = part("find").value.trim().toLowerCase();
  part("find-field").hidden = away.length < 9 && !sought;
  fill("missing", away.filter((row) => row.name.toLowerCase().includes(sought)), (item, row) => {
    part("people", item).textContent = peopleWords(row.people);
    item.querySelector("button").value = row.code;
  });
}

function drawIn(item, row) {
  const time = item.querySelector("time");
  const people = peopleWords(row.people);
  part("people", item).textContent = people && `${people},`;
  time.dateTime = row.came_at;
  time.textContent = clock.format(new Date(row.came_at));
  part("waiting", item).hidden = !row.waits;
  part("undo", item).addEventListener("click", () => undo(row));
}

function drawRefused(refused) {
  part("refused").hidden = refused.length === 0;
  fill("refused", refused, (item, entry) => {
    part("sentence", item).textContent = `${entry.label}: ${entry.refused}`;
    part("dismiss", item).addEventListener("click", () => { queue.drop(entry); draw(); });
  });
}

function drawLight(count) {
  const light = part("light");
  const state = status === 401 || status === 403 ? "signed_out" : status >= 200 && status < 500 && status !== 429 ? "online" : "offline";
  // while it is connected, what waits is being sent at this moment
  const wait = state === "online" ? "" : count > 1 ? say("waiting", { n: count }) : count ? say("waiting_one") : "";
  const text = [wait && `${wait}.`, say(state)].filter(Boolean).join(" ");
  light.hidden = false;
  light.dataset.light = state;
  light.classList.toggle("attention", state !== "online");
  if (light.textContent !== text) light.textContent = text;
}

const tell = (sentence) => { part("said").textContent = sentence; };

/* Counting. */

async function count(entry, sentence = "kept") {
  const name = entry.label;
  if (entry.code && everybodyIn().some((row) => row.code === entry.code)) {
    tell(say("already", { name }));
    return;
  }
  queue.put({ ...entry, client_id: newNumber(), came_at: new Date().toISOString() });
  tell(say(sentence, { name }));
  draw();
  await replay();
}

function countCode(typed) {
  const code = normalCode(typed);
  if (!code) return;
  const found = roster.find((row) => row.code === code);
  count({ code, people: found?.people ?? null, label: found?.name ?? say("code", { code }) }, found ? "kept" : "unlisted");
}

async function replay() {
  status = await queue.flush((entry, answer) => {
    if (answer.status > 201) {
      tell(answer.body.detail);
      return;
    }
    const { said, totals, ...row } = answer.body;
    known = { results: [row, ...known.results.filter((other) => other.id !== row.id)], totals };
    keepKnown();
    tell(said);
    draw();
  });
  draw();
}

async function undo(row) {
  if (row.waits) {
    queue.drop(row);
  } else {
    const answer = await ask(`${door.dataset.api}${row.id}/`, "DELETE");
    if (![204, 404].includes(answer.status)) {
      tell(say("not_undone"));
      return;
    }
    known.results = known.results.filter((other) => other.id !== row.id);
    keepKnown();
  }
  tell(say("undone", { name: row.name }));
  draw();
}

/* What others count. */

function keepKnown() {
  localStorage.setItem(knownKey, JSON.stringify({ ...known, at: Date.now() }));
}

/* What was seen at doors long closed: people's names do not stay on a device. */
function forgetOldDoors() {
  for (const key of Object.keys(localStorage)) {
    if (!/^check-in:.*:known$/.test(key)) continue;
    if (Date.now() - JSON.parse(localStorage.getItem(key)).at > FORGET_MS) localStorage.removeItem(key);
  }
}

async function readCheckIns() {
  const results = [];
  for (let url = `${door.dataset.api}?page_size=200`, answer; url; url = answer.body.next && new URL(answer.body.next).pathname + new URL(answer.body.next).search) {
    answer = await ask(url);
    if (answer.status !== 200) return answer.status;
    results.push(...answer.body.results);
    if (!answer.body.next) known = { results, totals: answer.body.totals };
  }
  keepKnown();
  return 200;
}

/* Somebody answered since the page was read: read its roster again. */
async function refreshRoster() {
  if (queue.waiting().length || known.totals?.missing === missing(known.results).length) return;
  if (Date.now() - rosterReadAt < 15_000) return;
  rosterReadAt = Date.now();
  const answer = await fetch(location.pathname, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok && !answer.redirected) roster = readRoster(new DOMParser().parseFromString(await answer.text(), "text/html"));
}

async function poll() {
  if (!document.hidden) {
    if (queue.waiting().length) await replay();
    const undecided = queue.waiting().length;
    if (!undecided) {
      status = await readCheckIns();
      if (status === 200) await refreshRoster();
    }
    draw();
  }
  setTimeout(poll, POLL_MS);
}

/* The forms, the camera, the worker. */

function listen() {
  part("code-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const field = event.target.elements.code;
    countCode(field.value);
    field.value = "";
    field.focus();
  });
  part("missing-form").addEventListener("submit", (event) => {
    event.preventDefault();
    countCode(event.submitter.value);
  });
  part("walk-in-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, people } = event.target.elements;
    count({ walk_in: true, name: name.value.trim(), people: Number(people.value), label: name.value.trim() || say("walk_in") });
    event.target.reset();
  });
  part("find").addEventListener("input", draw);
  addEventListener("online", replay);
  addEventListener("offline", () => { status = 0; draw(); });
}

function offerCamera() {
  const button = part("scan");
  let stop = null;
  button.hidden = !canScan();
  button.addEventListener("click", async () => {
    if (stop) {
      stop();
      stop = null;
    } else {
      stop = await startScan(part("camera"), countCode).catch(() => null);
      if (!stop) tell(say("no_camera"));
    }
    button.textContent = say(stop ? "stop" : "scan");
  });
}

async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  const parts = document.querySelectorAll("link[rel=stylesheet], link[rel=modulepreload], link[rel=icon], script[src]");
  const addresses = [location.pathname, ...[...parts].map((one) => one.href || one.src)];
  await navigator.serviceWorker.register(door.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  navigator.serviceWorker.addEventListener("message", () => { door.dataset.kept = "yes"; }, { once: true });
  active.postMessage({ keep: addresses });
}

listen();
offerCamera();
poll();
keepPage().catch(() => {});
