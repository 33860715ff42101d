// A button that was pressed keeps its width and says so; a second press does nothing.
function rest(button) {
  button.removeAttribute("aria-disabled");
  if (button.dataset.words) button.textContent = button.dataset.words;
  button.style.removeProperty("min-width");
}

function work(button) {
  button.style.minWidth = `${button.offsetWidth}px`;
  button.setAttribute("aria-disabled", "true");
  if (!button.childElementCount) {
    button.dataset.words = button.textContent;
    button.textContent = button.dataset.busy;
  }
}

export function start() {
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.matches("[data-busy]")) return;
    if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
    // Later, so that the button's own value is still sent.
    else setTimeout(() => event.defaultPrevented || work(button));
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.querySelectorAll?.("[aria-disabled][data-busy]").forEach(rest);
  });
  // Back from the next page: the browser shows this one as it was left.
  addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("[aria-disabled][data-busy]").forEach(rest);
  });
}
