// One key makes the current line a decision or an action, in the language of the notes.
import { replace } from "./markdown.js";

const MARKS = /^(\s*(?:[-*+]|\d+[.)])?\s*(?:\[[ xX]\])?\s*)/;

function lineOf(field) {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const end = field.value.indexOf("\n", field.selectionStart);
  return { from, to: end < 0 ? field.value.length : end };
}

// The same word again takes it away; another word is put in its place.
function mark(field, word) {
  const { from, to } = lineOf(field);
  const line = field.value.slice(from, to);
  const marks = MARKS.exec(line)[0];
  const words = [...field.form.querySelectorAll("[data-record]")].map((button) => `${button.dataset.record}: `);
  const rest = line.slice(marks.length);
  const now = words.find((one) => rest.startsWith(one.trimEnd()));
  const bare = now ? rest.slice(now.trimEnd().length).trimStart() : rest;
  const next = now === `${word}: ` ? bare : `${word}: ${bare}`;
  const caret = field.selectionStart + next.length - rest.length;
  replace(field, from, to, marks + next);
  const place = Math.max(from + marks.length, caret);
  field.setSelectionRange(place, place);
}

export function start(page) {
  page.addEventListener("click", (event) => {
    const button = event.target.closest("[data-record]");
    if (button) mark(button.closest("form").elements.body, button.dataset.record);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.target.name !== "body") return;
    const [decision, action] = event.target.form.querySelectorAll("[data-record]");
    const button = event.shiftKey ? action : decision;
    if (!button) return;
    event.preventDefault();
    mark(event.target, button.dataset.record);
  });
}
