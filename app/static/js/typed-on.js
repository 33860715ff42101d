// What was typed since a text was sent, laid on what the server made of it.

function sameStart(one, other) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && one[count] === other[count]) count += 1;
  return count;
}

function sameEnd(one, other, most) {
  let count = 0;
  while (count < most && one.at(-1 - count) === other.at(-1 - count)) count += 1;
  return count;
}

// Where the place `from` of the sent text is in the newest: its line and all below stayed, or all above did.
function placeIn(newest, sent, from, to) {
  const isLineEnd = [undefined, "\n", sent[to]].includes(newest[to]);
  if (to && isLineEnd && newest.startsWith(sent.slice(0, to))) return from;
  const below = sent.slice(sent.lastIndexOf("\n", from - 1) + 1);
  return below && newest.endsWith(below) ? newest.length - (sent.length - from) : -1;
}

// Null: others changed the very place where the writer is.
export function typedOn(whole, now, newest, caret) {
  const sent = whole.trimEnd(); // joining cuts the end
  const from = now === sent ? caret : sameStart(sent, now);
  const end = sameEnd(sent, now, Math.min(sent.length, now.length) - from);
  const place = placeIn(newest, sent, from, sent.length - end);
  if (place < 0) return null;
  const typed = now.slice(from, now.length - end);
  const text = newest.slice(0, place) + typed + newest.slice(place + sent.length - end - from);
  return { text, caret: Math.min(text.length, Math.max(0, caret + place - from)) };
}
