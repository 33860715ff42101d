// Every behaviour improves a page that already works; none is needed.
import { start as startAttach } from "./attach.js";
import { start as startAutosave } from "./autosave.js";
import { start as startBusy } from "./busy.js";
import { start as startCompletion } from "./completion.js";
import { start as startComposer } from "./composer.js";
import { start as startCopy } from "./copy.js";
import { start as startCountdown } from "./countdown.js";
import { start as startCounter } from "./counter.js";
import { start as startDesk } from "./desk.js";
import { start as startFocus } from "./focus.js";
import { start as startKeyboard } from "./keyboard.js";
import { start as startLive } from "./live.js";
import { start as startLocalTime } from "./local-time.js";
import { start as startMenu } from "./menu.js";
import { start as startPicker } from "./picker.js";
import { start as startQuote } from "./quote.js";
import { start as startResponses } from "./responses.js";
import { start as startTheme } from "./theme.js";

const everywhere = [
  startFocus,
  startBusy,
  startCopy,
  startDesk,
  startKeyboard,
  startMenu,
  startQuote,
  startResponses,
  startTheme,
];
const inEachPart = [
  startAttach,
  startAutosave,
  startCompletion,
  startComposer,
  startCountdown,
  startCounter,
  startLive,
  startLocalTime,
  startPicker,
];

everywhere.forEach((start) => start(document));
inEachPart.forEach((start) => start(document));

// Only where notes are written is this needed.
if (document.querySelector("[data-notes]")) import("./notes.js").then(({ start }) => start());

// What htmx swaps in is new to us.
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) inEachPart.forEach((start) => start(event.detail.elt));
});
