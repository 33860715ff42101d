// The notes page: sections are opened, written and saved where they stand.
import { beat, start as startPresence } from "./notes-presence.js";
import { start as startRecords } from "./notes-records.js";
import { save } from "./notes-saving.js";
import { part, refresh } from "./notes-parts.js";
import { say } from "./status.js";

const page = () => document.querySelector("[data-notes]");
const sectionOf = (element) => element?.closest?.("[data-section]");
const formIn = (section) => section?.querySelector("form[data-in-place]");

async function open(section) {
  const place = await part(section, section.dataset.edit);
  const field = place?.querySelector("textarea[name=body]");
  if (!field) return;
  goOn(field);
  beat();
}

function goOn(field) {
  field.focus({ preventScroll: true });
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollIntoView({ block: "nearest" });
}

async function close(section) {
  const place = await part(section, section.dataset.show);
  if (place && location.pathname.endsWith("/edit")) history.replaceState(null, "", `${page().dataset.notes}#${place.id}`);
  place?.querySelector("[data-open]")?.focus({ preventScroll: true });
  beat();
}

// `stays`: the writer goes on; else the section is shown as it reads now.
async function send(form, stays) {
  const section = sectionOf(form);
  if (!(await save(form, page().dataset))) return;
  if (!stays) await close(section);
  await refresh();
  beat({ again: true });
}

function clicked(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const section = sectionOf(event.target);
  if (!section) return;
  if (event.target.closest("[data-open]")) open(section);
  else if (event.target.closest("[data-close]")) {
    const form = formIn(section);
    const hasWords = form.elements.body.value !== form.elements.body.defaultValue;
    close(section).then(() => hasWords && say(page().dataset.closed));
  } else return;
  event.preventDefault();
}

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;

function pressed(event) {
  const form = event.target.closest?.("form[data-in-place]");
  if (form && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    send(form, true);
  } else if (event.key === "e" && plain(event) && !isTyping(event.target) && !("keysOff" in document.body.dataset)) {
    const section = sectionOf(document.activeElement);
    if (!section || formIn(section)) return;
    event.preventDefault();
    open(section);
  }
}

function submitted(event) {
  const form = event.target.closest("form[data-in-place]");
  if (!form) return;
  event.preventDefault();
  send(form, false);
}

function banner() {
  const place = document.querySelector("[data-offline-banner]");
  place.textContent = navigator.onLine ? "" : place.dataset.words;
}

export function start() {
  const place = page();
  place.addEventListener("click", clicked);
  place.addEventListener("submit", submitted);
  document.addEventListener("keydown", pressed);
  ["online", "offline"].forEach((name) => addEventListener(name, banner));
  banner();
  startRecords(place);
  startPresence(place);
  // Browsers pass over autofocus where the address names a place of the page (#note-1).
  const field = place.querySelector("textarea[autofocus]");
  if (field && document.activeElement === document.body) goOn(field);
  place.dataset.listens = "";
}
