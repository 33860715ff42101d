// Drafts: to the server a moment after the last key; without a connection to this device.
const WAIT = 2500;
const words = (name, values = {}) =>
  Object.entries(values).reduce(
    (text, [key, value]) => text.replace(`{${key}}`, value),
    document.body.dataset[name] ?? "",
  );
const clock = () =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(new Date());

function fieldsOf(form) {
  const skipped = new Set(["csrf_token", "draft_sequence"]);
  return Object.fromEntries(
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !skipped.has(name)),
  );
}

class Draft {
  constructor(form) {
    this.form = form;
    this.context = form.dataset.draftContext;
    this.key = `draft:${this.context}`;
    this.sequence = form.elements.draft_sequence;
    this.restore();
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", () => {
      clearTimeout(this.timer);
      localStorage.removeItem(this.key);
    });
    addEventListener("online", () => localStorage.getItem(this.key) && this.save());
  }

  restore() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    const body = this.form.elements.body;
    if (!kept?.body || !body || body.value) return;
    body.value = kept.body;
    this.later();
  }

  later() {
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.save(), WAIT);
  }

  async save() {
    const fields = fieldsOf(this.form);
    try {
      const answer = await fetch(document.body.dataset.drafts, {
        method: "POST",
        headers: { "Content-Type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) },
        body: JSON.stringify({ context: this.context, sequence: this.sequence?.value ?? 0, fields }),
      });
      await this.take(answer);
    } catch {
      localStorage.setItem(this.key, JSON.stringify(fields));
      this.say(words("draftOffline"));
    }
  }

  async take(answer) {
    if (answer.status === 409) {
      this.stopped = true;
      this.say(words("draftNewer"));
    } else if (answer.ok) {
      if (this.sequence) this.sequence.value = (await answer.json()).sequence;
      localStorage.removeItem(this.key);
      this.say(words("draftSaved", { time: clock() }));
    } else throw new Error(answer.status);
  }

  say(text) {
    const place = this.form.querySelector("[data-draft-status]");
    if (place) place.textContent = text;
  }
}

export function start(root) {
  if (!document.body.dataset.drafts) return;
  root.querySelectorAll("form[data-draft-context]").forEach((form) => new Draft(form));
}
