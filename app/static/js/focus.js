// After a form came back with faults, or htmx brought something new, the focus goes where to read.
import { say } from "./status.js";

function goTo(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus();
}

export function start() {
  const summary = document.querySelector("[data-focus]");
  if (summary) goTo(summary);
  document.addEventListener("htmx:afterSwap", (event) => {
    const swapped = event.detail.target;
    const target = swapped.matches("[data-focus]") ? swapped : swapped.querySelector("[data-focus]");
    if (target) goTo(target);
    if (swapped.dataset.says) say(swapped.dataset.says);
  });
  document.addEventListener("htmx:sendError", () => {
    const words = document.body.dataset.offline;
    if (words) say(words);
  });
}
