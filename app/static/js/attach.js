// Files by button, drop and paste: sent at once, one after another, and listed with their words.
import { fill, headers, send } from "./upload.js";

class Attaching {
  constructor(place) {
    this.place = place;
    [this.list, this.faults, this.status] = ["list", "faults", "status"].map((name) =>
      place.querySelector(`[data-attach-${name}]`),
    );
    this.waiting = 0;
    this.queue = Promise.resolve();
    place.querySelector("[data-attach-button]").hidden = true;
    place.querySelector("[data-enter]").addEventListener("click", (event) => event.preventDefault());
    const input = place.querySelector("[type=file]");
    input.addEventListener("change", () => {
      this.take([...input.files]);
      input.value = "";
    });
    this.list.addEventListener("click", (event) => this.remove(event));
    this.listen(input.form);
  }

  listen(form) {
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      this.place.classList.toggle("is-over", event.type === "dragover");
      if (event.type === "drop") this.take([...event.dataTransfer.files]);
    };
    ["dragover", "dragleave", "drop"].forEach((name) => form.addEventListener(name, over));
    form.addEventListener("paste", ({ clipboardData }) => {
      // What is copied from a document is text with a picture of it: the text is meant.
      if (!clipboardData.getData("text/plain")) this.take([...clipboardData.files]);
    });
    form.addEventListener("submit", (event) => {
      if (!this.waiting) return;
      event.preventDefault();
      this.say(this.place.dataset.unfinished);
    });
  }

  take(files) {
    this.faults.replaceChildren();
    this.waiting += files.length;
    files.forEach((file) => (this.queue = this.queue.then(() => this.sendOne(file))));
  }

  async sendOne(file) {
    const { attach, sending, sent, failed } = this.place.dataset;
    const tell = (percent) => this.say(fill(sending, { name: file.name, percent }));
    tell(0);
    const answer = await send(attach, file, tell);
    this.waiting -= 1;
    const target = { 201: this.list, 422: this.faults, 429: this.faults }[answer.status];
    target?.insertAdjacentHTML("beforeend", answer.responseText);
    if (!target) this.faults.append(fill(failed, { name: file.name }));
    this.done(target === this.list ? fill(sent, { name: file.name }) : "");
  }

  remove(event) {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    event.preventDefault();
    const line = button.closest("[data-attached]");
    const name = line.querySelector("b").textContent;
    fetch(button.dataset.remove, { method: "POST", headers: headers() }).catch(() => {});
    line.remove();
    this.place.querySelector("[type=file]").focus();
    this.done(fill(this.place.dataset.removed, { name }));
  }

  // The draft is saved with the files as they are now.
  done(words) {
    this.say(words);
    this.list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  say(text) {
    this.status.textContent = text;
  }
}

export function start(root) {
  root.querySelectorAll("[data-attach]").forEach((place) => new Attaching(place));
}
