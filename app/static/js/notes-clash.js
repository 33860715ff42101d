// Two texts for one paragraph are both kept: who writes types on, and looks at both when it suits.
import { draftOf } from "./autosave.js";
import { fieldsOf } from "./draft-copy.js";

const place = (form) => form.querySelector("[data-both-kept]");

// What was typed since is a draft before the page is left. Who comes back types on as before.
async function leave(form, address, sent) {
  const draft = draftOf(form);
  await draft?.hold();
  if (JSON.stringify(fieldsOf(form)) !== JSON.stringify(sent)) await draft?.save();
  draft?.goOn(false);
  location.assign(address);
}

export function sayBothKept(form, address, sent, words) {
  const link = document.createElement("a");
  [link.href, link.textContent] = [address, words.lookAtBoth];
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave(form, address, sent);
  });
  place(form).replaceChildren(words.bothKept, " ", link);
}

export const forgetBoth = (form) => place(form).replaceChildren();
