/* The live page of one deployment: state, steps × nodes, and the log.

   A live run streams over a socket from the last contiguous seq; when the socket fails,
   the same events are polled while the socket is tried again. */

import { el, Lines, LogView } from "./log-view.js";

const FINAL = new Set(["successful", "partial", "failed", "error", "cancelled"]);
const KIND = {
  waiting: "attention", cancelling: "attention", partial: "attention", running: "busy",
  successful: "good", ok: "good", changed: "good",
  failed: "bad", error: "bad", timed_out: "bad", unreachable: "bad",
};
const SILENCE = 30_000;
const kindOf = (state) => KIND[state] ?? "inactive";

/* Steps × nodes. */

function drawMatrix(table, steps, word) {
  const names = [...new Set(steps.map((step) => step.name))];
  const nodes = [...new Set(steps.map((step) => step.node).filter(Boolean))].sort((a, b) => a.localeCompare(b, undefined, { numeric: true }));
  const head = el("tr");
  for (const text of [word("step"), ...(nodes.length ? nodes : [word("run")])]) {
    const th = el("th", "", text);
    th.scope = "col";
    head.append(th);
  }
  const body = names.map((name) => {
    const tr = el("tr"), th = el("th", "", name), mine = steps.filter((step) => step.name === name);
    th.scope = "row";
    tr.append(th);
    const whole = mine.find((step) => !step.node);
    for (const node of whole ? [null] : nodes) {
      const td = drawCell(whole ?? mine.find((step) => step.node === node), word);
      if (whole) td.colSpan = Math.max(1, nodes.length);
      tr.append(td);
    }
    return tr;
  });
  table.tHead.replaceChildren(head);
  table.tBodies[0].replaceChildren(...body);
  return nodes;
}

function drawCell(step, word) {
  if (!step) return el("td", "", "");
  const td = el("td", `cell ${kindOf(step.state)}`, word(step.state));
  const notes = [];
  if (step.attempt > 1) notes.push(`${word("attempt")} ${step.attempt}`);
  if (step.started_at && step.ended_at) notes.push(duration(new Date(step.ended_at) - new Date(step.started_at)));
  if (notes.length) td.append(" ", el("small", "", notes.join(" · ")));
  if (step.error) td.title = `${step.error.sentence} ${step.error.next_action ?? ""}`.trim();
  return td;
}

function duration(ms) {
  const s = Math.max(0, Math.round(ms / 1000)), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
  return h ? `${h} h ${m} min` : m && s % 60 ? `${m} min ${s % 60} s` : m ? `${m} min` : `${s} s`;
}

/* The page. */

export class Live {
  constructor(root) {
    this.root = root;
    const data = root.dataset;
    this.detail = data.events.replace(/events\/$/, "");
    this.state = data.state;
    this.startedAt = data.startedAt;
    this.endedAt = data.endedAt;
    this.failures = 0;
    const said = new Map([...root.querySelector("template[data-words]").content.children].map((item) => [item.dataset.word, item.textContent]));
    this.word = (key) => said.get(key) ?? key.replaceAll("_", " ");
    this.lines = new Lines(data.events, Number(data.lastSeq) || 0);
    const log = root.querySelector(".log");
    const given = [...log.querySelectorAll(".log-row")].map((li) => ({ ...li.dataset, seq: Number(li.dataset.seq), text: li.querySelector(".what").textContent }));
    // HTML turns \r into \n: such a line is read again
    this.lines.add(given.filter((event) => !event.text.includes("\n")));
    this.lines.tail = this.lines.last;
    this.log = new LogView(log, this.lines, this.word);
    this.log.nodes([...(data.nodes ?? "").split(" ").filter(Boolean), ...given.map((event) => event.node)]);
    this.log.start(!FINAL.has(this.state));
    this.clock();
    setInterval(() => { this.clock(); this.doubt(); }, 1000);
    if (FINAL.has(this.state)) this.finish();
    else this.connect();
    addEventListener("online", () => this.retryNow());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.retryNow(); });
  }

  clock() {
    const ticking = !FINAL.has(this.state);
    const end = this.endedAt ? new Date(this.endedAt) : ticking ? new Date() : null;
    if (this.startedAt && end) this.root.querySelector("[data-elapsed]").textContent = duration(end - new Date(this.startedAt));
  }

  /* A socket may die without a word: after long silence the server is asked how far it is. */
  async doubt() {
    if (!this.socket || Date.now() - this.heard < SILENCE) return;
    this.heard = Date.now();
    await this.askDetail().catch(() => this.socket?.close());
    if (this.lines.tail < this.lines.last) this.socket?.close();
  }

  light(word) {
    const kind = { live: "good", polling: "good", "catching-up": "attention", offline: "bad", complete: "inactive" }[word];
    const light = this.root.querySelector("[data-light]");
    light.className = `badge live-light ${kind}`;
    light.textContent = this.word(word);
    light.dataset.light = word;
  }

  show(state, steps) {
    const badge = this.root.querySelector("[data-state-badge]");
    if (state && state !== badge.dataset.stateBadge) {
      badge.className = `badge ${kindOf(state)}`;
      badge.textContent = this.word(state);
      badge.dataset.stateBadge = state;
    }
    this.state = state || this.state;
    if (FINAL.has(this.state)) {
      for (const item of document.querySelectorAll("[data-while-live]")) item.hidden = true;
      for (const item of document.querySelectorAll("[data-when-over]")) item.hidden = false;
    }
    if (steps?.length) this.fail(steps.filter((step) => step.error));
    if (steps?.length) this.log.nodes(drawMatrix(this.root.querySelector(".matrix table"), steps, this.word));
    this.clock();
  }

  fail(steps) {
    const list = this.root.querySelector("[data-failures]");
    list.replaceChildren(...steps.map(({ node, error }) => {
      const li = el("li");
      li.append(el("span", "mono", node ?? ""), ` ${error.sentence} `, el("span", "failure-next", error.next_action ?? ""));
      return li;
    }));
    list.hidden = !steps.length;
  }

  say(sentence) {
    const line = this.root.querySelector("[data-sentence]");
    line.textContent = sentence ?? "";
    line.hidden = !sentence;
  }

  snapshot(deployment) {
    this.say(deployment.sentence);
    this.startedAt = deployment.started_at ?? this.startedAt;
    this.endedAt = deployment.ended_at ?? this.endedAt;
    this.lines.last = Math.max(this.lines.last, deployment.last_seq);
    this.lines.changed();
    this.show(deployment.state, deployment.steps);
  }

  finish() {
    this.done = true;
    this.stopPolling();
    this.light("complete");
    this.askDetail().catch(() => {});
  }

  async askDetail() {
    const answer = await fetch(this.detail, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    this.snapshot(await answer.json());
  }

  /* Takes events only where the last ones ended; what was seen is dropped. */
  take(events) {
    const fresh = events.filter((event) => event.seq > this.lines.tail);
    if (fresh.some((event, i) => event.seq !== this.lines.tail + 1 + i)) return false;
    this.lines.add(fresh);
    this.lines.tail += fresh.length;
    this.log.nodes(new Set(fresh.map((event) => event.node)));
    return true;
  }

  connect() {
    if (this.done || this.socket) return;
    this.retry = undefined;
    if (!("WebSocket" in window)) return this.poll();
    const origin = location.origin.replace("http", "ws");
    let socket;
    try { socket = new WebSocket(`${origin}${this.root.dataset.socket}?after=${this.lines.tail}`); } catch { return this.lost({}); }
    this.socket = socket;
    this.heard = Date.now();
    if (!this.polling) this.light("catching-up");
    const late = setTimeout(() => socket.close(), 10000);
    socket.addEventListener("open", () => clearTimeout(late));
    socket.addEventListener("message", (message) => this.receive(JSON.parse(message.data), socket));
    socket.addEventListener("close", (event) => { clearTimeout(late); if (this.socket === socket) this.lost(event); });
  }

  receive(message, socket) {
    this.failures = 0;
    this.heard = Date.now();
    this.stopPolling();
    if (message.type === "snapshot") this.snapshot(message.deployment);
    if (message.type === "state") this.show(message.state, message.steps);
    if (message.type === "events") {
      this.lines.last = Math.max(this.lines.last, message.events.at(-1)?.seq ?? 0);
      if (this.take(message.events)) this.asking = 0;
      else this.again(socket);
    }
    if (message.type === "end") {
      this.lines.last = Math.max(this.lines.last, message.last_seq);
      this.show(message.state);
      this.socket = undefined;
      socket.close();
      return this.lines.tail < message.last_seq ? this.poll() : this.finish();
    }
    this.light(this.lines.tail < this.lines.last ? "catching-up" : "live");
  }

  again(socket) {
    if (Date.now() - (this.asking ?? 0) < 1000) return;
    this.asking = Date.now();
    socket.send(JSON.stringify({ type: "after", seq: this.lines.tail }));
  }

  lost(event) {
    this.socket = undefined;
    this.asking = 0;
    if (this.done) return;
    if ([4401, 4403, 4404].includes(event.code)) {
      this.done = true;
      this.light("offline");
      this.root.querySelector("[data-live-note]").textContent = this.word(event.code === 4401 ? "signed-out" : "no-right");
      return;
    }
    this.failures++;
    if (this.failures >= 3) this.poll();
    else this.light("offline");
    const wait = Math.min(30000, 500 * 2 ** (this.failures - 1));
    this.retry = setTimeout(() => this.connect(), wait / 2 + Math.random() * wait / 2);
  }

  retryNow() {
    if (!this.retry) return;
    clearTimeout(this.retry);
    this.connect();
  }

  poll() {
    if (this.polling || this.done) return;
    this.polling = setInterval(() => this.ask(), 2000);
    this.ask();
  }

  stopPolling() {
    clearInterval(this.polling);
    this.polling = undefined;
  }

  async ask() {
    if (this.busy || this.done) return;
    this.busy = true;
    try {
      await this.askDetail();
      while (this.lines.tail < this.lines.last) {
        const events = await this.lines.fetch(this.lines.tail);
        if (!events.length || !this.take(events)) break;
      }
      if (FINAL.has(this.state) && this.lines.tail >= this.lines.last) this.finish();
      else if (this.polling) this.light("polling");
    } catch {
      if (this.polling) this.light("offline");
    }
    this.busy = false;
  }
}

const root = document.getElementById("live");
if (root) root.live = new Live(root);
