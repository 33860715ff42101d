// Single keys, never inside a field; `?` lists them. <body data-keys-off> turns them off.
const ITEMS = ".row h3 a, .post[id], [data-item]";

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable], dialog");
const shown = (element) => element.checkVisibility?.() ?? true;
let waitsForPlace = false;

function move(step) {
  const items = [...document.querySelectorAll(ITEMS)].filter(shown);
  const now = items.findIndex((item) => item === document.activeElement);
  const next = items[now < 0 ? (step > 0 ? 0 : items.length - 1) : now + step];
  if (!next) return;
  if (!next.matches("a, button")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(selector) {
  const target = [...document.querySelectorAll(selector)].find(shown);
  if (target?.matches("textarea, input")) target.focus();
  else target?.click();
  return Boolean(target);
}

const postInFocus = () => document.activeElement.closest(".post");

// Whoever has a composer on the page listens for "post:quote" and puts the words into it.
function quote() {
  const selection = getSelection();
  const text = selection.toString().trim();
  const post = selection.anchorNode?.parentElement?.closest(".post") ?? postInFocus();
  if (!post) return;
  const detail = { text, number: Number(post.id.replace("post-", "")) };
  post.dispatchEvent(new CustomEvent("post:quote", { bubbles: true, detail }));
}

function reply() {
  const link = postInFocus()?.querySelector("[data-reply]");
  if (link) link.click();
  else press("[data-key-reply], #reply textarea");
}

const KEYS = {
  "/": () => press("input[type=search]") || press("[data-key-search]"),
  j: () => move(1),
  k: () => move(-1),
  o: () => document.activeElement.closest(ITEMS)?.querySelector("a")?.click(),
  r: reply,
  q: quote,
  u: () => press("[data-key-unread]"),
  "?": () => document.querySelector("[data-keys]")?.showModal(),
  g: () => {
    waitsForPlace = true;
    setTimeout(() => (waitsForPlace = false), 1500);
  },
};

function go(letter) {
  waitsForPlace = false;
  document.querySelector(`[data-go="${CSS.escape(letter)}"]`)?.click();
}

export function start() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event.target) || "keysOff" in document.body.dataset) return;
    if (waitsForPlace && /^[a-z]$/.test(event.key)) go(event.key);
    else if (Object.hasOwn(KEYS, event.key)) {
      event.preventDefault();
      KEYS[event.key]();
    }
  });
}
