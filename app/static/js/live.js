// Asks now and then what is new and shows the answer in its place; it never moves what is read.
// <div data-live-url="…" data-live-tag="…" data-live-gone="…">; the pause stands on the body.
import { lay } from "./live-parts.js";
import { say } from "./status.js";

const LONGEST_PAUSE = 15 * 60;
const GONE = [401, 403, 404, 410];

function pauseOf(element, failures) {
  const seconds = Number(element.dataset.liveSeconds ?? document.body.dataset.liveSeconds) || 60;
  return Math.min(seconds * 2 ** failures, LONGEST_PAUSE) * 1000;
}

function ask(element) {
  const { liveUrl, liveTag } = element.dataset;
  const headers = liveTag ? { "If-None-Match": `"${liveTag}"` } : {};
  return fetch(liveUrl, { headers, cache: "no-store", redirect: "manual" });
}

async function show(element, answer) {
  const words = (await answer.text()).trim();
  element.dataset.liveTag = (answer.headers.get("ETag") ?? "").replace(/^W\/|"/g, "");
  if ("liveParts" in element.dataset) lay(words);
  else if (element.innerHTML.trim() !== words) element.innerHTML = words;
}

function watch(element) {
  if (element.dataset.liveOn) return;
  element.dataset.liveOn = "1";
  let timer = 0;
  let failures = 0;
  let isOver = false;

  const stop = () => {
    isOver = true;
    if (element.dataset.liveGone) say(element.dataset.liveGone);
  };
  const look = async () => {
    clearTimeout(timer);
    if (isOver || document.hidden || !element.isConnected) return;
    try {
      const answer = await ask(element);
      if (GONE.includes(answer.status) || answer.type === "opaqueredirect") return stop();
      failures = answer.ok || answer.status === 304 ? 0 : failures + 1;
      if (answer.ok) await show(element, answer);
    } catch {
      failures += 1;
    }
    plan();
  };
  const plan = () => {
    clearTimeout(timer);
    if (!isOver && !document.hidden) timer = setTimeout(look, pauseOf(element, failures));
  };
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  plan();
}

const pageIn = (address) => new URL(address).searchParams.get("page") ?? "1";

// Adds what this page does not have yet to its end; the answer was a whole page, so it counts as read.
function append(fresh) {
  const list = document.querySelector(".posts");
  const known = new Set([...list.children].map((child) => child.id));
  const added = [...fresh.querySelectorAll(".posts > [id]")].filter((child) => !known.has(child.id));
  list.append(...added);
  added.forEach((child) => {
    globalThis.htmx?.process(child);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: child } }));
  });
  return added.find((child) => child.matches("article"));
}

function takeOver(fresh) {
  const place = document.querySelector("[data-live-url][data-live-tag].live");
  const next = fresh.querySelector(".live[data-live-url]");
  if (place && next) {
    place.dataset.liveUrl = next.dataset.liveUrl;
    place.dataset.liveTag = next.dataset.liveTag;
    place.replaceChildren();
  }
  const pages = fresh.querySelector("#pages");
  if (pages) document.querySelector("#pages")?.replaceChildren(...pages.childNodes);
}

async function load(event) {
  const link = event.target.closest?.("[data-live-load]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.pathname !== location.pathname || pageIn(link.href) !== pageIn(location.href)) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const first = append(fresh);
    takeOver(fresh);
    if (first) {
      first.tabIndex = -1;
      first.focus();
    }
  } catch {
    location.href = link.href;
    location.reload();
  }
}

export function start(root) {
  root.querySelectorAll("[data-live-url]").forEach(watch);
  if (root === document) document.addEventListener("click", load);
}
