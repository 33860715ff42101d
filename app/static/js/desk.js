// The moderator's keys: 1 to 4 press a button of the question in focus, or of the first; z takes back.
const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");

const inFocus = () =>
  document.activeElement.closest("[data-item]") ?? document.querySelector("[data-desk] [data-item]");

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || "keysOff" in document.body.dataset) return;
  const target =
    event.key === "z"
      ? document.querySelector("[data-status] form button")
      : inFocus()?.querySelector(`[data-press="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
}

export function start(root) {
  if (root.querySelector("[data-desk]")) document.addEventListener("keydown", press);
}
