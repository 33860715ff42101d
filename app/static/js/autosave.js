// Drafts: to the server two seconds after the last key and at least every ten, to this device at every key.
import { offer } from "./draft-clash.js";
import { DraftCopy, fieldsOf, settle } from "./draft-copy.js";
import { isRefused, pauseAfter, send } from "./draft-send.js";
import { Turns } from "./draft-turns.js";
import { sayNewer, sayOffline, saySaved, saySignedOut } from "./draft-words.js";

const WAIT = 2000;
const LONGEST_WAIT = 10_000;
const drafts = new WeakMap();

export const draftOf = (form) => drafts.get(form);

class Draft {
  constructor(form) {
    drafts.set(form, this);
    [this.form, this.mark, this.base] = [form, form.elements.draft_sequence, form.elements.base_revision];
    this.copy = new DraftCopy(form.dataset.draftContext);
    [this.turns, this.failures] = [new Turns(), 0];
    this.restore();
    form.addEventListener("input", () => this.later());
    if (!("inPlace" in form.dataset)) form.addEventListener("submit", (event) => this.leave(event));
    addEventListener("online", () => form.isConnected && this.copy.read() && this.save());
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
    if (!found.isCertain) {
      this.offer(found.text, found.base, () => this.save());
      return;
    }
    body.value = found.text;
    if (this.base && found.base !== undefined) this.base.value = found.base;
    this.later();
  }

  // A text belongs to the revision that it was begun on: the two go together.
  offer(text, base, goOn) {
    let other = base ?? this.base?.value;
    const swap = () => {
      if (this.base) [this.base.value, other] = [other, this.base.value];
      goOn();
    };
    offer(this.form, text, { keep: goOn, take: swap });
  }

  later() {
    this.isLeft = false;
    this.copy.keep(fieldsOf(this.form), this.sequence);
    this.since ??= Date.now();
    const left = this.since + LONGEST_WAIT - Date.now();
    this.saveIn(Math.max(0, Math.min(WAIT, left)));
  }

  saveIn(pause) {
    clearTimeout(this.timer);
    if (!this.stopped && !this.isHeld) this.timer = setTimeout(() => this.save(), pause);
  }

  // While the text itself is sent, no draft of it is on its way that could come after it.
  async hold() {
    clearTimeout(this.timer);
    this.isHeld = true;
    await this.turns.last;
  }

  goOn(hasArrived) {
    this.isHeld = false;
    if (hasArrived && this.copy.read()) this.later();
  }

  leave(event) {
    if (event.submitter?.formTarget === "_blank") return;
    clearTimeout(this.timer);
    this.isLeft = navigator.onLine;
    this.copy.keep(fieldsOf(this.form), this.sequence, this.isLeft);
    if (!this.isLeft) {
      event.preventDefault();
      sayOffline(this.form);
    }
  }

  // What waited while the text itself was sent off, or the form went with its failures, is over.
  save() {
    clearTimeout(this.timer);
    this.since = undefined;
    const wasLeft = this.isLeft;
    return this.turns.take(() => {
      const isOver = (this.isLeft && !wasLeft) || (this.failures && !this.form.isConnected);
      return this.stopped || isOver ? null : this.sent();
    });
  }

  async sent() {
    const fields = fieldsOf(this.form);
    try {
      await this.heed(await send(this.form.dataset.draftContext, this.sequence, fields), fields);
      this.failures = 0;
    } catch (error) {
      this.failed(error);
    }
  }

  // What was typed meanwhile counts too. A text that was sent meanwhile is no draft any more.
  failed({ status }) {
    sayOffline(this.form);
    if (this.isLeft) return;
    this.copy.keep(fieldsOf(this.form), this.sequence);
    this.failures += 1;
    if (!isRefused(status)) this.saveIn(pauseAfter(this.failures));
  }

  async heed(answer, fields) {
    if (answer.type === "opaqueredirect") return saySignedOut(this.form);
    if (answer.status === 409) return this.clash(await answer.json());
    if (!answer.ok) throw answer;
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
    this.offer(fields.body ?? "", fields.base_revision, goOn);
  }
}

export function start(root) {
  if (!document.body.dataset.drafts) return;
  settle();
  root.querySelectorAll("form[data-draft-context]").forEach((form) => new Draft(form));
}
