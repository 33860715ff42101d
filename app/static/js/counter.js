// How much room is left in a text, said only when it becomes scarce.
const SCARCE = 0.9;

function watch(field) {
  const place = field.closest("form").querySelector("[data-left]");
  const longest = Number(field.dataset.longest);
  if (!place) return;
  field.addEventListener("input", () => {
    if (field.value.length < longest * SCARCE) place.textContent = "";
    else {
      const left = longest - [...field.value].length; // the server counts letters, not halves
      const words = left < 0 ? place.dataset.over : place.dataset.words;
      place.textContent = words.replace("{count}", Math.abs(left).toLocaleString(document.documentElement.lang));
    }
  });
}

export function start(root) {
  root.querySelectorAll("textarea[data-longest]").forEach(watch);
}
