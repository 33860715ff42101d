// Sections of the notes as they are on the server now, laid into the page without moving what is read.
import { say } from "./status.js";

const LISTS = ["contents-list", "decision-list", "action-list", "gap-list"];

const isWritten = (section) => Boolean(section.querySelector("form[data-in-place]"));
const begun = (element) => document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: element } }));

async function read(address) {
  const answer = await fetch(address, { redirect: "manual", cache: "no-store" }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

function swap(section, fresh) {
  section.replaceWith(fresh);
  begun(fresh);
  return fresh;
}

// One section anew, as it reads or as it is written in. Without an answer the browser goes there.
export async function part(section, address) {
  const fresh = (await read(`${address}?part`))?.querySelector("[data-section]");
  if (!fresh) {
    if (navigator.onLine) location.assign(address);
    else say(document.body.dataset.offline);
    return null;
  }
  // Meanwhile a refresh may have laid the section anew.
  return swap(document.querySelector(`[data-section="${section.dataset.section}"]`) ?? section, fresh);
}

// What the eyes are on: where the focus is, else the section in the middle of the window.
function inSight() {
  const focused = document.activeElement?.closest?.("[data-section]");
  const middle = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("[data-section]");
  return focused ?? middle;
}

function unmoved(change) {
  const id = inSight()?.dataset.section;
  const top = () => document.querySelector(`[data-section="${id}"]`)?.getBoundingClientRect().top;
  const before = id && top();
  change();
  const after = id && top();
  if (before !== undefined && after !== undefined) scrollBy({ top: after - before, behavior: "instant" });
}

function layLists(fresh) {
  for (const id of LISTS) {
    const [place, news] = [document.getElementById(id), fresh.getElementById(id)];
    if (place && news && place.innerHTML !== news.innerHTML) place.replaceChildren(...news.childNodes);
  }
}

function laySections(fresh, words) {
  const known = new Map([...document.querySelectorAll("[data-section]")].map((one) => [one.dataset.section, one]));
  let before = null;
  for (const news of fresh.querySelectorAll("[data-section]")) {
    const old = known.get(news.dataset.section);
    known.delete(news.dataset.section);
    if (!old) {
      if (before) before.after(news);
      else continue;
      before = news;
      begun(news);
    } else if (isWritten(old) || (old.dataset.head === news.dataset.head && old.id === news.id)) before = old;
    else {
      const hasFocus = old.contains(document.activeElement);
      const isNews = old.dataset.head !== news.dataset.head;
      before = swap(old, news);
      if (hasFocus) before.querySelector("[data-open]")?.focus({ preventScroll: true });
      if (isNews && words) before.querySelector("[data-presence]").textContent = words;
    }
  }
  for (const gone of known.values()) if (!isWritten(gone)) gone.remove();
}

// All that changed since: sections that nobody writes in here, the contents and the records.
export async function refresh(words = "") {
  const fresh = await read(document.querySelector("[data-notes]").dataset.notes);
  if (!fresh?.querySelector("[data-notes]")) return;
  unmoved(() => {
    laySections(fresh, words);
    layLists(fresh);
  });
}
