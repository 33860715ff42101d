// A section is saved without leaving the page. Whatever happens, the text stays on this device until
// the server has it.
import { draftOf } from "./autosave.js";
import { fieldsOf } from "./draft-copy.js";
import { forgetBoth, sayBothKept } from "./notes-clash.js";
import { refresh } from "./notes-parts.js";
import { typedOn } from "./typed-on.js";

const running = new WeakMap();

function tell(form, words, isWarning = false, link = null) {
  const place = form.querySelector("[data-draft-status]");
  place.replaceChildren(words, ...(link ? [" ", link] : []));
  place.classList.toggle("offline", isWarning);
}

function signInLink(words) {
  const link = document.createElement("a");
  [link.href, link.target, link.textContent] = [words.signIn, "_blank", words.signInWords];
  return link;
}

const post = (form) =>
  fetch(form.action, {
    method: "POST",
    redirect: "manual",
    headers: { Accept: "application/json" },
    body: new URLSearchParams(new FormData(form)),
  });

// The session is another one than when the page was made: the page goes on with its token.
function renew(token) {
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => (field.value = token));
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

async function answerTo(form) {
  const answer = await post(form);
  if (answer.status !== 422) return answer;
  const { token } = await answer.clone().json();
  if (!token) return answer;
  renew(token);
  return post(form);
}

// The text as it is on the server now, and the caret in it where it was.
function lay(field, body, sent) {
  const laid = typedOn(sent, field.value, body, field.selectionStart);
  if (!laid) return false;
  field.value = laid.text;
  field.setSelectionRange(laid.caret, laid.caret);
  return true;
}

// Where the two texts cannot be laid on each other, the field and its base stay: the next save joins them.
function goOn(form, sent, { head, body, merged }) {
  const { body: field, base_revision: base, draft_sequence: sequence } = form.elements;
  sequence.value = 0;
  if (!merged || lay(field, body, sent)) base.value = head;
}

// The writer types on: what waits is saved without closing the section.
function waitForConnection(form, words) {
  tell(form, words.waits, true);
  addEventListener("online", async () => form.isConnected && (await save(form, words)) && refresh(), { once: true });
}

async function heed(form, answer, sent, words) {
  const copy = draftOf(form)?.copy;
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    tell(form, words.signedOut, true, signInLink(words));
    return false;
  }
  if (answer.status === 409) {
    copy?.drop(sent);
    tell(form, "");
    sayBothKept(form, (await answer.json()).clash, sent, words);
    draftOf(form)?.goOn(true);
    return false;
  }
  if (!answer.ok) {
    const said = answer.status === 422 ? (await answer.json()).said : words.failed;
    tell(form, said, true);
    return false;
  }
  const told = await answer.json();
  copy?.drop(sent);
  forgetBoth(form);
  goOn(form, sent.body, told);
  form.closest("[data-section]").dataset.head = told.head;
  tell(form, told.said);
  return true;
}

async function saveOnce(form, words) {
  const draft = draftOf(form);
  let hasArrived = false;
  try {
    await draft?.hold();
    const sent = fieldsOf(form);
    draft?.copy.keep(sent, draft.sequence);
    hasArrived = await heed(form, await answerTo(form), sent, words);
  } catch {
    waitForConnection(form, words);
  } finally {
    draft?.goOn(hasArrived);
    form.querySelector("[data-send]")?.removeAttribute("aria-disabled");
  }
  return hasArrived;
}

// True when the server has the text. One after the other, so that none is passed over.
export function save(form, words) {
  const earlier = running.get(form);
  const now = Promise.resolve(earlier).then(() => form.isConnected && saveOnce(form, words));
  running.set(form, now);
  return now;
}
