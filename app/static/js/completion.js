// Names after @ (people, cities) and # (topics), chosen by keyboard or pointer.
import { replace } from "./markdown.js";
import { namesFor } from "./names.js";

const BEGUN = /(?:^|[\s(])([@#])([\p{L}\p{N}][\p{L}\p{N}_.-]*)$/u;
const WAIT = 150;

class Completion {
  constructor(field) {
    this.field = field;
    this.list = field.form.querySelector("[data-completions]");
    this.status = field.form.querySelector("[data-completions-said]");
    if (!this.list) return;
    field.setAttribute("aria-autocomplete", "list");
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), WAIT);
    });
    field.addEventListener("keydown", (event) => this.key(event));
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the text keeps the focus
      this.take(event.target.closest("[role=option]"));
    });
  }

  begun() {
    const { value, selectionStart, selectionEnd } = this.field;
    return selectionStart === selectionEnd ? BEGUN.exec(value.slice(0, selectionStart)) : null;
  }

  async look() {
    const found = this.begun();
    if (!found) return this.close();
    const asked = (this.asked = {});
    const options = await namesFor(this.field, found[1], found[2]);
    const isAsked = asked === this.asked && this.begun()?.[0] === found[0];
    if (isAsked && document.activeElement === this.field) this.open(options);
  }

  open(options) {
    options.forEach((option, place) => (option.id = `${this.list.id}-${place}`));
    this.list.replaceChildren(...options);
    if (!options.length) return this.close();
    this.list.hidden = false;
    this.field.setAttribute("aria-controls", this.list.id);
    this.status.textContent = this.status.dataset.words.replace("{count}", options.length);
    this.point(0);
  }

  close() {
    this.asked = null;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.status.textContent = "";
    ["aria-activedescendant", "aria-controls"].forEach((name) => this.field.removeAttribute(name));
  }

  point(place) {
    const options = [...this.list.children];
    this.place = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === this.place)));
    this.field.setAttribute("aria-activedescendant", options[this.place].id);
    options[this.place].scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (this.list.hidden || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (!this.begun()) return void this.close(); // typed on: the key belongs to the text
    if (event.key === "ArrowDown") this.point(this.place + 1);
    else if (event.key === "ArrowUp") this.point(this.place - 1);
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey) this.take(this.list.children[this.place]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  take(option) {
    const found = this.begun();
    if (!option || !found) return;
    const end = this.field.selectionStart;
    replace(this.field, end - found[1].length - found[2].length, end, option.dataset.text);
    clearTimeout(this.timer);
    this.close();
  }
}

export function start(root) {
  root.querySelectorAll("textarea[data-complete]").forEach((field) => new Completion(field));
}
