/* Scores, ticks and dots: kept on the device until they are sent; dots get buttons and a remainder. */

import { fill, keeper, wordsOf } from "./ballot-keep.js";

const form = document.querySelector("[data-ballot]");
const words = wordsOf(form);
const kept = keeper(form.dataset);
const count = form.querySelector("[data-count]");
const fields = [...form.elements].filter((field) => /^option-\d+$/.test(field.name));
const steppers = [...form.querySelectorAll("[data-stepper]")];
const dots = Number(form.dataset.dots);

const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const state = () => fields.filter((field) => (isChoice(field) ? field.checked : field.value)).map((field) => [field.name, field.value]);

function restore(lines) {
  for (const field of fields) {
    const found = lines.filter(([name]) => name === field.name);
    if (isChoice(field)) field.checked = found.some(([, value]) => value === field.value);
    else field.value = found[0]?.[1] ?? "";
  }
}

const inHundredths = (number) => Math.round(number * 100) / 100; // else 8 - 7.9 is 0.0999…
const spent = () => inHundredths(fields.reduce((sum, field) => sum + (Number(field.value) || 0), 0));

function draw() {
  if (steppers.length) {
    const left = inHundredths(dots - spent());
    const word = left < 0 && words.has("over") ? "over" : "left";
    count.textContent = fill(words.get(word), { n: word === "over" ? -left : left, most: dots });
    count.classList.toggle("over", left < 0);
    for (const stepper of steppers) {
      const [fewer, more] = stepper.querySelectorAll("button");
      fewer.disabled = !(Number(stepper.querySelector("input").value) > 0);
      more.disabled = left <= 0;
    }
    return;
  }
  const marked = fields.filter((field) => field.checked && (field.type === "checkbox" || field.value));
  const most = new Set(fields.map((field) => field.name)).size;
  count.textContent = fill(words.get(fields[0].type === "checkbox" ? "ticked" : "scored"), { n: marked.length, most });
}

function changed() {
  kept.write(state());
  draw();
}

for (const stepper of steppers) {
  const input = stepper.querySelector("input");
  const button = (sign, word, by) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.ariaLabel = fill(words.get(word), { title: stepper.dataset.title });
    made.addEventListener("click", () => {
      const step = by > 0 ? Math.min(by, dots - spent()) : by; // the last half vote can be given too
      input.value = inHundredths(Math.max(0, (Number(input.value) || 0) + step));
      changed();
      form.querySelector("[data-said]").textContent = `${stepper.dataset.title}: ${input.value}. ${count.textContent}`;
      if (made.disabled) stepper.querySelector("button:not(:disabled)")?.focus();
    });
    return made;
  };
  input.before(button("−", "fewer", -1));
  input.after(button("+", "more", 1));
}

const before = "refused" in form.dataset ? null : kept.read();
if (before) restore(before);
form.addEventListener("input", changed);
draw();
