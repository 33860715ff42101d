// <button form="…" formaction="…" hx-post>: htmx sends it to where the form would send it.
export function start() {
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, path } = event.detail;
    if (elt.getAttribute("hx-post") === "") event.detail.path = elt.getAttribute("formaction") || path;
  });
}
