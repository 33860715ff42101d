// <button form="…" hx-post>, with or without formaction: htmx sends it to where the form would.
export function start() {
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, path } = event.detail;
    const address = elt.getAttribute("formaction") || elt.form?.getAttribute("action");
    if (elt.getAttribute("hx-post") === "") event.detail.path = address || path;
  });
}
