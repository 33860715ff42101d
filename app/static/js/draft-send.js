// One save on the server; a redirect means that nobody is signed in any more.
const PATIENCE = 30_000; // a connection that is lost without a word would hold up all that follow

export function send(context, sequence, fields) {
  const token = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(document.body.dataset.drafts, {
    method: "POST",
    redirect: "manual",
    signal: AbortSignal.timeout?.(PATIENCE),
    headers: { "Content-Type": "application/json", ...token },
    body: JSON.stringify({ context, sequence, fields }),
  });
}

const LATER = [408, 425, 429];

// What the server refuses now it refuses later too.
export const isRefused = (status) => status >= 400 && status < 500 && !LATER.includes(status);

const FIRST_PAUSE = 5000;
const LONGEST_PAUSE = 60_000;

// Before a save that failed is tried again: soon at first, then each minute.
export const pauseAfter = (failures) => Math.min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE);
