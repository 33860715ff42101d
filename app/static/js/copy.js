// <a data-copy="Link copied." href="…">: copies its address where the browser allows it, else follows it.
import { say } from "./status.js";

export function start() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-copy]");
    if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      say(link.dataset.copy);
    } catch {
      location.href = link.href;
    }
  });
}
