// What is typed, on this device too: kept at every key, dropped when the server has it.
const SKIPPED = new Set(["csrf_token", "draft_sequence"]);

export function fieldsOf(form) {
  const sent = [...new FormData(form)];
  return Object.fromEntries(sent.filter(([name, value]) => typeof value === "string" && !SKIPPED.has(name)));
}

export class DraftCopy {
  constructor(context) {
    this.key = `draft:${document.body.dataset.person}:${context}`;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  keep(fields, sequence, isSent = false) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ fields, sequence: Number(sequence), isSent }));
    } catch {
      // The device has no room; the server still has its own.
    }
  }

  // Unless something was typed after these fields went out.
  drop(fields) {
    const kept = this.read();
    if (!fields || JSON.stringify(kept?.fields) === JSON.stringify(fields)) localStorage.removeItem(this.key);
  }

  // The text that the page lacks. A sent one whose draft is gone from the server has arrived.
  missing(body, sequence) {
    const kept = this.read();
    if (!kept?.fields?.body) return null;
    const isDone = kept.sequence > 0 ? Number(sequence) === 0 : location.hash.startsWith("#post-");
    const hasArrived = kept.isSent && isDone;
    if (hasArrived || kept.fields.body.trim() === body.trim()) {
      this.drop();
      return null;
    }
    const isPlain = kept.sequence >= Number(sequence) && !(kept.isSent && kept.sequence === 0);
    return { text: kept.fields.body, base: kept.fields.base_revision, isCertain: isPlain };
  }
}

// A new thread was sent and here it is.
export function settle() {
  const from = document.referrer && new URL(document.referrer).pathname;
  const copy = new DraftCopy("thread:new");
  if (from?.endsWith("/threads/new") && /\/threads\/\d+-/.test(location.pathname) && copy.read()?.isSent) copy.drop();
}
