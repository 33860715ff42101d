// Lays new parts into an open page, each by its id, without taking the focus or what was chosen and not sent.
const FIELDS = "input:not([type=hidden]), textarea, select";
const changed = (field) =>
  field.type === "checkbox" || field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue && field.localName !== "select";

function nameOf(field) {
  const form = field.closest("form")?.getAttribute("action") ?? "";
  return `${form} ${field.localName} ${field.name ?? ""} ${["checkbox", "radio", "submit"].includes(field.type) ? field.value : ""}`;
}

function remembered(place) {
  const fields = [...place.querySelectorAll(FIELDS)].filter(changed);
  const states = fields.map((field) => [nameOf(field), field.checked, field.value]);
  const focus = place.contains(document.activeElement) ? document.activeElement : null;
  return { states, focus: focus && { id: focus.id, name: nameOf(focus), words: focus.textContent } };
}

function restore(place, { states, focus }) {
  const fields = new Map([...place.querySelectorAll(FIELDS)].map((field) => [nameOf(field), field]));
  for (const [name, checked, value] of states) {
    const field = fields.get(name);
    if (!field) continue;
    if ("checked" in field) field.checked = checked;
    if (field.type !== "checkbox" && field.type !== "radio") field.value = value;
  }
  if (!focus) return;
  const all = [...place.querySelectorAll("a[href], button, summary, " + FIELDS)];
  const again =
    (focus.id && place.querySelector(`#${CSS.escape(focus.id)}`)) ||
    all.find((element) => nameOf(element) === focus.name && element.textContent === focus.words) ||
    all.find((element) => nameOf(element) === focus.name);
  again?.focus({ preventScroll: true });
}

// Where one writes, only coming and going is news, and nothing goes that somebody has begun.
function stays(place, part) {
  if (!("liveStays" in part.dataset)) return place.innerHTML === part.innerHTML;
  if (part.firstElementChild) return Boolean(place.firstElementChild);
  return !place.firstElementChild || [...place.querySelectorAll(FIELDS)].some(changed);
}

export function lay(words) {
  const fresh = new DOMParser().parseFromString(words, "text/html");
  for (const part of [...fresh.body.children]) {
    const place = part.id && document.getElementById(part.id);
    if (!place || stays(place, part)) continue;
    const kept = remembered(place);
    place.replaceChildren(...part.childNodes);
    restore(place, kept);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: place } }));
  }
}
