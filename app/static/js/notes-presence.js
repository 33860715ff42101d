// Says every 20 seconds that this page is open, and hears who writes where and what is new.
import { refresh } from "./notes-parts.js";

const PAUSE = 20_000;
const OVER = [401, 403, 404];
let page;
let timer;
let isOver = false;

const written = () => document.querySelector("form[data-in-place]")?.closest("[data-section]");
const sections = () => [...document.querySelectorAll("[data-section]")];

function post(sent, keepalive = false) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"));
  const headers = { "Content-Type": "application/json", ...token };
  const body = JSON.stringify(sent);
  return fetch(page.dataset.presenceUrl, { method: "POST", redirect: "manual", headers, body, keepalive });
}

function set(place, words) {
  if (place && place.textContent !== words) place.textContent = words;
}

// Whether somebody changed a section that this page shows, or the list of them.
function show({ sections: news, here }) {
  set(document.querySelector("[data-here]"), here);
  const shown = sections();
  let isNew = news.map(({ id }) => id).join() !== shown.map((one) => one.dataset.section).join();
  for (const { id, head, said } of news) {
    const section = shown.find((one) => Number(one.dataset.section) === id);
    if (!section) continue;
    const isBehind = Number(section.dataset.head) < head;
    const isMine = section.querySelector("form[data-in-place]");
    isNew ||= isBehind && !isMine;
    const words = [said, isBehind && isMine ? page.dataset.theirs : ""].filter(Boolean).join(" ");
    const place = section.querySelector("[data-presence]");
    if (words || place.textContent !== page.dataset.changed) set(place, words);
  }
  return isNew;
}

async function tell() {
  const answer = await post({ section: written()?.dataset.section ?? "" });
  if (OVER.includes(answer.status) || answer.type === "opaqueredirect") isOver = true;
  if (answer.ok && show(await answer.json())) await refresh(page.dataset.changed);
}

// After something was saved, whoever was signed out is here again.
export async function beat({ again = false } = {}) {
  clearTimeout(timer);
  if (again) isOver = false;
  if (isOver || document.hidden) return;
  await tell().catch(() => null);
  clearTimeout(timer);
  timer = setTimeout(beat, PAUSE, {});
}

export function start(place) {
  page = place;
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : beat()));
  addEventListener("online", () => beat());
  addEventListener("pagehide", () => isOver || post({ left: 1 }, true).catch(() => null));
  beat();
}
