// One line that screen readers speak and everybody can read.
export function say(words) {
  const region = document.querySelector("[data-status]");
  if (!region) return;
  const line = document.createElement("div");
  const text = document.createElement("div");
  line.className = "wrap";
  text.className = "status__line plain ok";
  text.textContent = words;
  line.append(text);
  region.replaceChildren(line);
}
