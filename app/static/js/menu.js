// Menus are <details>: Esc and a click elsewhere close them, Esc gives the focus back.
import { say } from "./status.js";

const REST = 120; // ms on a link until its menu is fetched ahead
const fetched = new WeakMap();

// <a data-menu-at href="…">: leads to a menu on a page of its own, which comes here instead.
function menuAt(link) {
  if (!fetched.has(link)) {
    const asked = fetch(link.href, { headers: { "HX-Request": "true" } });
    const made = asked.then((answer) => (answer.ok && !answer.redirected ? answer.text() : null));
    made.catch(() => fetched.delete(link));
    fetched.set(link, made);
  }
  return fetched.get(link);
}

function lay(link, html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const menu = holder.content.querySelector("details");
  link.replaceWith(menu);
  menu.querySelector("summary").focus();
}

async function open(link) {
  try {
    const html = await menuAt(link);
    if (html === null) location.href = link.href;
    else if (link.isConnected) lay(link, html);
  } catch {
    say(document.body.dataset.offline);
  }
}

function startFetching() {
  let ahead = 0;
  document.addEventListener("pointerover", (event) => {
    clearTimeout(ahead);
    const link = event.target.closest?.("[data-menu-at]");
    if (link) ahead = setTimeout(() => menuAt(link).catch(() => {}), REST);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-menu-at]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
}

export function start() {
  startFetching();
  const opened = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    const stays = (menu) => menu.contains(event.target) && !event.target.closest("[data-quote]");
    opened().forEach((menu) => stays(menu) || menu.removeAttribute("open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    opened().forEach((menu) => {
      menu.removeAttribute("open");
      menu.querySelector("summary").focus();
    });
  });
  // A button with data-dialog opens the dialog of that id, where the page has one.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (!dialog) return;
    event.preventDefault();
    dialog.showModal();
  });
}
