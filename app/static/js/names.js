// What the server offers for a beginning: lists of options, people before cities.
const SOURCES = { "@": ["people", "cities"], "#": ["topics"] };
const MOST = 8;

async function listOf(field, kind, q) {
  const values = new URLSearchParams({ q });
  const { thread } = field.form.dataset;
  if (thread && kind === "people") values.set("thread", thread);
  const answer = await fetch(`${field.dataset.complete}/${kind}?${values}`).catch(() => null);
  return answer?.ok && !answer.redirected ? answer.text() : "";
}

export async function namesFor(field, sign, q) {
  const lists = await Promise.all(SOURCES[sign].map((kind) => listOf(field, kind, q)));
  const holder = document.createElement("template");
  holder.innerHTML = lists.join("");
  return [...holder.content.querySelectorAll("[role=option]")].slice(0, MOST);
}
