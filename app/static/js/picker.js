// Days and hours are written as text. Where the browser has a picker, a button opens it.
// The picker's own field stays out of sight and out of the order of Tab.
function proxy(field) {
  const input = document.createElement("input");
  input.type = field.dataset.picker;
  input.className = "vh";
  input.tabIndex = -1;
  input.setAttribute("aria-hidden", "true");
  return input;
}

function opener(field) {
  const button = document.createElement("button");
  const label = document.createElement("span");
  button.type = "button";
  button.className = "btn ghost small";
  button.textContent = document.body.dataset.choose;
  label.className = "vh";
  label.textContent = ` ${field.labels[0]?.textContent ?? ""}`;
  button.append(label);
  return button;
}

function equip(field) {
  const hidden = proxy(field);
  const button = opener(field);
  const place = document.createElement("span");
  place.className = "picker";
  field.before(place);
  place.append(field, button, hidden);
  button.addEventListener("click", () => {
    hidden.value = field.value; // what is no ISO day leaves it empty
    hidden.showPicker();
  });
  hidden.addEventListener("change", () => {
    if (!hidden.value) return;
    field.value = hidden.value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });
}

export function start(root) {
  if (!("showPicker" in HTMLInputElement.prototype)) return;
  root.querySelectorAll("input[data-picker]").forEach(equip);
}
