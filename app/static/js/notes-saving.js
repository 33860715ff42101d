// A section is saved without leaving the page. Whatever happens, the text stays on this device until
// the server has it.
import { draftOf } from "./autosave.js";
import { fieldsOf } from "./draft-copy.js";

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

// The writer may have typed on: then the field keeps its words.
function goOn(form, sent, { head, body, merged }) {
  const { body: field, base_revision: base, draft_sequence: sequence } = form.elements;
  const isSame = field.value === sent;
  sequence.value = 0;
  if (merged && !isSame) return;
  base.value = head;
  if (!merged) return;
  const caret = field.selectionStart;
  field.value = body;
  field.setSelectionRange(caret, caret);
}

function waitForConnection(form, words) {
  tell(form, words.waits, true);
  addEventListener("online", () => form.isConnected && form.requestSubmit(), { once: true });
}

async function heed(form, answer, sent, words) {
  const copy = draftOf(form)?.copy;
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    tell(form, words.signedOut, true, signInLink(words));
    return false;
  }
  if (answer.status === 409) {
    copy?.drop();
    location.assign((await answer.json()).clash);
    return false;
  }
  if (!answer.ok) {
    const said = answer.status === 422 ? (await answer.json()).said : words.failed;
    tell(form, said, true);
    return false;
  }
  const told = await answer.json();
  copy?.drop(sent);
  goOn(form, sent.body, told);
  form.closest("[data-section]").dataset.head = told.head;
  tell(form, told.said);
  return true;
}

// True when the server has the text.
export async function save(form, words) {
  const draft = draftOf(form);
  if (form.dataset.saving) return false;
  form.dataset.saving = "1";
  try {
    await draft?.settle();
    const sent = fieldsOf(form);
    draft?.copy.keep(sent, draft.sequence);
    return await heed(form, await answerTo(form), sent, words);
  } catch {
    waitForConnection(form, words);
    return false;
  } finally {
    delete form.dataset.saving;
    form.querySelector("[data-send]")?.removeAttribute("aria-disabled");
  }
}
