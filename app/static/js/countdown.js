// Counts down to a moment and loads the page again when it has come; the words on the page are right without it.
// <p data-countdown="2026-03-25T10:00:00Z" hidden>; [data-countdown-without] beside it is for pages without us.
const SECOND = 1000;
const LONGEST = 24 * 3600 * SECOND; // what is further away stands in the words
const SPREAD = 6 * SECOND; // so that five hundred pages do not ask in one moment

const two = (number) => String(number).padStart(2, "0");

export function clockWords(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / SECOND));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return (hours ? `${hours}:` : "") + `${hours ? two(minutes) : minutes}:${two(seconds % 60)}`;
}

function count(element) {
  if (element.dataset.countdownOn) return;
  element.dataset.countdownOn = "1";
  const end = Date.parse(element.dataset.countdown);
  const card = element.parentElement;
  card.querySelectorAll("[data-countdown-without]").forEach((words) => (words.hidden = true));
  card.querySelectorAll("[data-countdown-with]").forEach((words) => (words.hidden = false));
  const step = () => {
    if (!element.isConnected) return;
    const left = end - Date.now();
    element.hidden = left > LONGEST;
    element.textContent = clockWords(left);
    if (left > 0) setTimeout(step, Math.min(left % SECOND || SECOND, SECOND));
    else setTimeout(() => location.reload(), SECOND + Math.random() * SPREAD);
  };
  step();
}

export function start(root) {
  root.querySelectorAll("[data-countdown]").forEach(count);
}
