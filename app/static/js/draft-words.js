// What is said about a draft, beside its button.
const words = (name, time = "") => (document.body.dataset[name] ?? "").replace("{time}", time);
const clock = () =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short" }).format(new Date());

function say(form, text, isWarning) {
  const place = form.querySelector("[data-draft-status]");
  if (!place) return;
  place.textContent = text;
  place.classList.toggle("offline", isWarning);
}

export const saySaved = (form) => say(form, words("draftSaved", clock()), false);
export const sayOffline = (form) => say(form, words("draftOffline"), true);
export const saySignedOut = (form) => say(form, words("draftSignedOut"), true);
export const sayNewer = (form) => say(form, words("draftNewer"), true);
