// Words of a post as a quotation in the reply: the key q, a link, or the button at a selection.
import { replace } from "./markdown.js";

const NAMED = /(^|[^\w\\])@(?=\w)/g;
const composer = () => document.querySelector("form#reply");

export function answer(form, number) {
  const line = form.querySelector("[data-answers]");
  form.elements.reply_to.value = number;
  line.textContent = line.dataset.words.replace("{number}", number);
  line.hidden = false;
}

// Who is named in a quotation is not told again.
function quotation(form, number, words) {
  const address = new URL(form.action).pathname.replace(/posts$/, number);
  const source = `[${form.dataset.source.replace("{number}", number)}](${address})`;
  const lines = [...words.replace(NAMED, "$1\\@").trim().split("\n"), "", source];
  return `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

function quote({ number, text }) {
  const form = composer();
  const whole = document.querySelector(`#post-${number} .prose`);
  if (!form || !(text || whole)) return;
  const field = form.elements.body;
  const lead = field.value.trim() ? `${field.value.trimEnd()}\n\n` : "";
  answer(form, number);
  replace(field, 0, field.value.length, lead + quotation(form, number, text || whole.innerText));
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollIntoView({ block: "center" });
}

function selected() {
  const selection = getSelection();
  const inside = (node) => node?.parentElement?.closest(".post .prose");
  const prose = inside(selection.anchorNode);
  if (!prose || selection.isCollapsed || prose !== inside(selection.focusNode)) return null;
  const post = prose.closest(".post");
  return { post, number: Number(post.id.replace("post-", "")), text: selection.toString().trim() };
}

function makeButton(form) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn small quote-here";
  button.textContent = form.dataset.quoteWords;
  button.hidden = true;
  // The selection is still there when the button is pressed.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const found = selected();
    if (found) quote(found);
    button.hidden = true;
  });
  document.body.append(button);
  return button;
}

function follow(button) {
  const found = selected();
  button.hidden = !found?.text;
  if (button.hidden) return;
  const { bottom, left } = getSelection().getRangeAt(0).getBoundingClientRect();
  button.style.insetBlockStart = `${bottom + scrollY + 8}px`;
  button.style.left = `${Math.min(Math.max(left, 8), innerWidth - button.offsetWidth - 8)}px`;
}

export function start() {
  const form = composer();
  if (!form?.dataset.quoteWords) return;
  const button = makeButton(form);
  document.addEventListener("selectionchange", () => follow(button));
  document.addEventListener("post:quote", (event) => quote(event.detail));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-quote], [data-reply]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const number = Number(link.dataset.quote ?? link.dataset.reply);
    if (link.dataset.quote) quote({ number, text: selected()?.number === number ? selected().text : "" });
    else {
      answer(form, number);
      form.elements.body.focus();
    }
  });
}
