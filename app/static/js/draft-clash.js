// Two texts for one draft: both are shown, and the writer says which one goes on.
export function offer(form, other, { keep = () => {}, take = () => {} } = {}) {
  const template = form.querySelector("template[data-clash]");
  const field = form.elements.body;
  if (!template || form.querySelector("[data-clash-box]")) return;
  const box = template.content.cloneNode(true).firstElementChild;
  const shown = box.querySelector("textarea");
  shown.value = other;
  box.querySelector("[data-keep]").addEventListener("click", () => {
    box.remove();
    field.focus();
    keep();
  });
  // Swapped, not replaced: the other text stays in sight until the next choice.
  box.querySelector("[data-take]").addEventListener("click", () => {
    [field.value, shown.value] = [shown.value, field.value];
    field.dispatchEvent(new Event("input", { bubbles: true }));
    take();
  });
  form.querySelector(".composer__text").after(box);
}
