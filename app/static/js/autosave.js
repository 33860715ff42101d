// Drafts: to the server two seconds after the last key, to this device at every key.
import { offer } from "./draft-clash.js";
import { DraftCopy, fieldsOf, settle } from "./draft-copy.js";
import { send } from "./draft-send.js";
import { sayNewer, sayOffline, saySaved, saySignedOut } from "./draft-words.js";

const WAIT = 2000;

class Draft {
  constructor(form) {
    [this.form, this.mark] = [form, form.elements.draft_sequence];
    this.copy = new DraftCopy(form.dataset.draftContext);
    this.restore();
    form.addEventListener("input", () => this.later());
    form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("online", () => this.copy.read() && this.save());
  }

  get sequence() {
    return Number(this.mark?.value ?? 0);
  }

  saved({ sequence }) {
    if (this.mark) this.mark.value = Math.max(this.sequence, sequence);
  }

  restore() {
    const body = this.form.elements.body;
    const found = body && this.copy.missing(body.value, this.sequence);
    if (!found) return;
    const save = () => this.save();
    if (!found.isCertain) return offer(this.form, found.text, { keep: save, take: save });
    body.value = found.text;
    this.later();
  }

  later() {
    this.copy.keep(fieldsOf(this.form), this.sequence);
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(() => this.save(), WAIT);
  }

  leave(event) {
    if (event.submitter?.formTarget === "_blank") return;
    clearTimeout(this.timer);
    this.copy.keep(fieldsOf(this.form), this.sequence, navigator.onLine);
    if (!navigator.onLine) {
      event.preventDefault();
      sayOffline(this.form);
    }
  }

  async save() {
    const fields = fieldsOf(this.form);
    try {
      await this.heed(await send(this.form.dataset.draftContext, this.sequence, fields), fields);
    } catch {
      this.copy.keep(fields, this.sequence);
      sayOffline(this.form);
    }
  }

  async heed(answer, fields) {
    if (answer.type === "opaqueredirect") return saySignedOut(this.form);
    if (answer.status === 409) return this.clash(await answer.json());
    if (!answer.ok) throw new Error(answer.status);
    this.saved(await answer.json());
    this.copy.drop(fields);
    saySaved(this.form);
  }

  // Both texts stay: nothing is saved until the writer has chosen.
  clash({ sequence, fields }) {
    this.stopped = true;
    sayNewer(this.form);
    const goOn = () => {
      this.stopped = false;
      this.saved({ sequence });
      this.save();
    };
    offer(this.form, fields.body ?? "", { keep: goOn, take: goOn });
  }
}

export function start(root) {
  if (!document.body.dataset.drafts) return;
  settle();
  root.querySelectorAll("form[data-draft-context]").forEach((form) => new Draft(form));
}
