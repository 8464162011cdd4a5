/* ANSI: SGR becomes classes, every other sequence and control character is dropped. */

const ESCAPES = /\x1b(?:\[([0-9;:]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]*[0-~])?/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;

function visible(raw) {
  const text = raw.replace(/[\r\n]+$/, "");
  return text.slice(text.lastIndexOf("\r") + 1).replaceAll("\n", "↵");
}

export function parseAnsi(raw) {
  const text = visible(raw), parts = [];
  let on = { fg: "", bg: "", b: "", d: "", i: "", u: "" }, from = 0;
  const push = (piece) => {
    const clean = piece.replace(CONTROLS, "");
    if (clean) parts.push([Object.values(on).filter(Boolean).join(" "), clean]);
  };
  for (const found of text.matchAll(ESCAPES)) {
    push(text.slice(from, found.index));
    from = found.index + found[0].length;
    if (found[2] === "m") on = sgr(on, found[1]);
  }
  push(text.slice(from));
  return parts;
}

function sgr(before, codes) {
  const on = { ...before }, list = codes.split(/[;:]/).map(Number);
  for (let i = 0; i < list.length; i++) {
    const c = list[i];
    if (c === 0) for (const key in on) on[key] = "";
    else if (c <= 4) on["-bdiu"[c]] = `ansi-${"-bdiu"[c]}`;
    else if (c === 22) on.b = on.d = "";
    else if (c === 23) on.i = "";
    else if (c === 24) on.u = "";
    else if ((c >= 30 && c <= 37) || (c >= 90 && c <= 97)) on.fg = `ansi-${c % 10}`;
    else if (c === 39) on.fg = "";
    else if ((c >= 40 && c <= 47) || (c >= 100 && c <= 107)) on.bg = `ansi-bg ansi-bg${c % 10}`;
    else if (c === 49) on.bg = "";
    else if (c === 38 || c === 48) {
      if (list[i + 1] === 5 && list[i + 2] < 16) on[c === 38 ? "fg" : "bg"] = `ansi-${c === 38 ? "" : "bg"}${list[i + 2] % 8}`;
      i += list[i + 1] === 5 ? 2 : 4;
    }
  }
  return on;
}

export const plain = (raw) => (/[\x00-\x1f\x7f-\x9f]/.test(raw) ? parseAnsi(raw).map((part) => part[1]).join("") : raw);
