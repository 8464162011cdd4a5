/* A log of very many lines, of which only those in sight are in the document.

   Events carry a gapless seq from 1, so line n is event n: the view knows its full height
   before it has read a line, and reads pages as they come into sight. Everything an event
   says enters the page as text, never as markup. */

import { parseAnsi, plain } from "./ansi.js";

const PAGE = 1000, ROW = 20, OVERSCAN = 12;

export function el(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/* The lines: sparse, by seq; pages are fetched once. */

export class Lines {
  constructor(url, last) {
    this.url = url;
    this.last = last; // highest seq known to exist
    this.tail = 0; // everything the stream owes us up to here has been taken
    this.bySeq = [];
    this.count = 0;
    this.asked = new Map();
    this.changed = () => {};
  }

  get(seq) { return this.bySeq[seq]; }

  add(events) {
    for (const event of events) {
      if (!this.bySeq[event.seq]) this.count++;
      this.bySeq[event.seq] ??= event;
      if (event.seq > this.last) this.last = event.seq;
    }
    if (events.length) this.changed();
  }

  async fetch(after) {
    const answer = await fetch(`${this.url}?after=${after}&limit=${PAGE}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { events, last_seq: last } = await answer.json();
    this.last = Math.max(this.last, last);
    this.add(events);
    return events;
  }

  page(seq) {
    const after = Math.floor((seq - 1) / PAGE) * PAGE;
    const upTo = Math.min(after + PAGE, this.last);
    let seqNow = after + 1;
    while (seqNow <= upTo && this.bySeq[seqNow]) seqNow++;
    if (seqNow > upTo) return Promise.resolve();
    if (!this.asked.has(after)) {
      const asked = this.fetch(seqNow - 1)
        .catch(() => new Promise((go) => setTimeout(go, 2000)))
        .finally(() => { this.asked.delete(after); this.changed(); });
      this.asked.set(after, asked);
    }
    return this.asked.get(after);
  }

  async all(enough) {
    for (let seq = 1; seq <= this.last; seq += PAGE) {
      await this.page(seq);
      if (enough()) return;
    }
  }
}

/* The view: only rows in sight are in the document. */

export class LogView {
  constructor(root, lines, words) {
    Object.assign(this, { root, lines, words, node: "", query: "", hits: [], hit: 0, readingAll: false, here: 0, top: 0 });
    this.view = root.querySelector(".log-view");
    this.rows = root.querySelector(".log-rows");
    this.status = root.querySelector("[data-log-status]");
    this.shown = null; // seqs of the filtered view; null means every line
    this.space = el("div");
    this.view.append(this.space);
    root.classList.remove("log-static");
    this.wide = 0;
    lines.changed = () => this.soon();
    new ResizeObserver(() => this.draw()).observe(this.view);
    const on = (name, type, act) => {
      const node = root.querySelector(`[data-${name}]`);
      node.addEventListener(type, act);
      return node;
    };
    this.view.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.follow = on("follow", "click", () => this.setFollow(!this.following));
    const find = on("find", "input", () => { this.query = find.value.toLowerCase(); this.hit = 0; this.search(true); });
    on("find", "keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); this.step(event.shiftKey ? -1 : 1); }
    });
    on("previous", "click", () => this.step(-1));
    on("next", "click", () => this.step(1));
    on("to-error", "click", () => this.firstError());
    this.rest = on("read-all", "click", () => this.readAll());
    this.filter = on("node-filter", "change", () => {
      this.node = this.filter.value;
      this.refilter();
      if (this.node) this.readAll();
    });
    addEventListener("hashchange", () => this.toHash());
    root.querySelector(".log-bar").hidden = false;
  }

  get length() { return this.shown ? this.shown.length : this.lines.last; }
  seqAt(row) { return this.shown ? this.shown[row] : row + 1; }
  rowOf(seq) { return this.shown ? this.shown.indexOf(seq) : seq - 1; }

  start(following) {
    if (!this.toHash()) {
      this.setFollow(following);
      this.draw();
      if (!following) this.view.scrollTop = 0;
    }
  }

  toHash() {
    const seq = Number(/^#L(\d+)$/.exec(location.hash)?.[1] ?? 0);
    if (!seq || seq > this.lines.last) return false;
    this.go(seq);
    return true;
  }

  go(seq) {
    if (this.shown && this.rowOf(seq) < 0) { this.node = this.filter.value = ""; this.refilter(); }
    this.setFollow(false);
    this.here = seq;
    this.size();
    const y = this.rowOf(seq) * ROW;
    if (y < this.view.scrollTop || y > this.view.scrollTop + this.view.clientHeight - 2 * ROW) {
      this.view.scrollTop = y - this.view.clientHeight / 3;
    }
    this.draw();
  }

  setFollow(on) {
    this.following = on;
    this.follow.setAttribute("aria-pressed", String(on));
    if (on) { this.size(); this.view.scrollTop = this.view.scrollHeight; this.draw(); }
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.view;
    if (this.following && scrollTop < this.top - 1 && scrollHeight - scrollTop - clientHeight > ROW) this.setFollow(false);
    this.top = scrollTop;
    this.draw();
  }

  soon() {
    this.pending ??= requestAnimationFrame(() => {
      this.pending = undefined;
      if (this.node) this.refilter();
      else this.draw();
      if (this.query) { clearTimeout(this.searching); this.searching = setTimeout(() => this.search(false), 150); }
    });
  }

  size() {
    this.space.style.height = `${this.length * ROW}px`;
    if (this.following) { this.view.scrollTop = this.view.scrollHeight; this.top = this.view.scrollTop; }
  }

  draw() {
    this.size();
    const first = Math.max(0, Math.floor(this.view.scrollTop / ROW) - OVERSCAN);
    const end = Math.min(this.length, Math.ceil((this.view.scrollTop + this.view.clientHeight) / ROW) + OVERSCAN);
    const rows = [], have = this.drawn ?? new Map();
    this.drawn = new Map();
    let missing = 0;
    for (let row = first; row < end; row++) {
      const seq = this.seqAt(row), event = this.lines.get(seq);
      missing ||= event ? 0 : seq;
      const key = `${seq} ${event ? 1 : 0} ${seq === this.here} ${this.query}`;
      const li = have.get(key) ?? this.row(seq, event);
      this.drawn.set(key, li);
      rows.push(li);
    }
    this.place(rows);
    this.rows.style.transform = `translateY(${first * ROW}px)`;
    if (this.rows.offsetWidth > this.wide) {
      this.wide = this.rows.offsetWidth;
      this.space.style.width = `${this.wide}px`;
    }
    if (missing) { clearTimeout(this.reading); this.reading = setTimeout(() => this.lines.page(missing), 40); }
    this.tell();
  }

  /* Rows that stay in sight stay in the document, so a selection survives new lines. */
  place(rows) {
    const stay = new Set(rows);
    for (const li of [...this.rows.children]) if (!stay.has(li)) li.remove();
    rows.forEach((li, i) => { if (this.rows.children[i] !== li) this.rows.insertBefore(li, this.rows.children[i] ?? null); });
  }

  row(seq, event) {
    const li = el("li", `log-row ${event ? `${event.level} ${event.kind}` : "unread"}`);
    const number = el("a", "", String(seq));
    number.href = `#L${seq}`;
    const what = el("span", "what", event ? undefined : "·");
    li.append(number);
    if (event) {
      li.title = [event.at?.slice(0, 19).replace("T", " ") + " UTC", event.step].filter(Boolean).join(" · ");
      if (event.node) li.append(el("span", "who", event.node));
      for (const [classes, text] of parseAnsi(event.text)) this.mark(what, classes, text);
      if (this.query && plain(event.text).toLowerCase().includes(this.query)) li.classList.add("hit");
    }
    if (seq === this.here) li.classList.add("here");
    li.append(what);
    return li;
  }

  mark(what, classes, text) {
    const lower = this.query ? text.toLowerCase() : "";
    for (let from = 0; from < text.length;) {
      const at = this.query && lower.length === text.length ? lower.indexOf(this.query, from) : -1;
      const until = at < 0 ? text.length : at;
      if (until > from) what.append(classes ? el("span", classes, text.slice(from, until)) : text.slice(from, until));
      if (at < 0) break;
      from = at + this.query.length;
      what.append(el("mark", "", text.slice(at, from)));
    }
  }

  refilter() {
    this.shown = null;
    if (this.node) {
      this.shown = [];
      this.lines.bySeq.forEach((event, seq) => { if (event.node === this.node) this.shown.push(seq); });
    }
    this.draw();
  }

  search(move) {
    this.hits = [];
    if (this.query) {
      this.lines.bySeq.forEach((event, seq) => {
        if ((!this.node || event.node === this.node) && plain(event.text).toLowerCase().includes(this.query)) this.hits.push(seq);
      });
    }
    if (move && this.hits.length) {
      const seen = this.seqAt(Math.floor(this.view.scrollTop / ROW)) ?? 1;
      this.go((this.hit = this.hits.find((seq) => seq >= seen) ?? this.hits[0]));
    } else this.draw();
  }

  step(by) {
    if (!this.hits.length) return;
    const now = this.hits.indexOf(this.hit);
    this.hit = this.hits[(now + by + this.hits.length) % this.hits.length];
    this.go(this.hit);
  }

  /* An error read out of order need not be the first: only lines read from the start on count. */
  async firstError() {
    let found = Number(this.root.dataset.firstError) || 0, seq = 1;
    const read = () => {
      for (let event; !found && (event = this.lines.get(seq)); seq++) if (event.level === "error") found = seq;
      return found;
    };
    if (!read()) await this.lines.all(read);
    this.note = found ? "" : this.words("no-error");
    if (found) this.go(found);
    this.tell();
  }

  async readAll() {
    this.readingAll = true;
    await this.lines.all(() => false);
    this.readingAll = false;
    this.tell();
  }

  tell() {
    const { count, last } = this.lines, n = (value) => value.toLocaleString(document.documentElement.lang || undefined);
    const says = [];
    if (this.note) says.push(this.note);
    if (this.query) says.push(`${n(this.hits.indexOf(this.hit) + 1)} / ${n(this.hits.length)} ${this.words("hits")}`);
    says.push(`${this.node ? `${n(this.length)} / ` : ""}${n(last)} ${this.words("lines")}`);
    const partly = count < last && (this.query || this.node);
    if (partly) says.push(`${n(count)} ${this.words("read")}`);
    this.status.textContent = says.join(" · ");
    this.rest.hidden = !partly || this.readingAll;
  }

  nodes(names) {
    const known = new Set([...this.filter.options].map((option) => option.value));
    for (const name of names) if (name && !known.has(name)) this.filter.append(new Option(name, name));
  }
}
