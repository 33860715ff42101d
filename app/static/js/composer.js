// A toolbar that writes Markdown into the text field, and Ctrl+Enter to send.
import { shape } from "./markdown.js";

const SHORTCUTS = { b: "bold", i: "italic", k: "link" };

function arrows(toolbar) {
  const buttons = [...toolbar.querySelectorAll("button")];
  buttons.forEach((button, place) => (button.tabIndex = place ? -1 : 0));
  toolbar.addEventListener("keydown", (event) => {
    const steps = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity };
    const rtl = getComputedStyle(toolbar).direction === "rtl" ? -1 : 1;
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const wanted = buttons.indexOf(document.activeElement) + (Number.isFinite(step) ? step * rtl : step);
    const next = buttons[Math.min(Math.max(wanted, 0), buttons.length - 1)];
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });
}

function equip(composer) {
  const text = composer.querySelector("textarea");
  const toolbar = composer.querySelector("[role=toolbar]");
  if (!text) return;
  if (toolbar) {
    toolbar.hidden = false;
    arrows(toolbar);
    toolbar.addEventListener("click", (event) => {
      const button = event.target.closest("[data-format]");
      if (button) shape(text, button.dataset.format);
    });
  }
  text.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key === "Enter") text.form.requestSubmit(text.form.querySelector("[data-send]") ?? undefined);
    else if (SHORTCUTS[event.key]) shape(text, SHORTCUTS[event.key]);
    else return;
    event.preventDefault();
  });
}

export function start(root) {
  root.querySelectorAll("[data-composer]").forEach(equip);
}
