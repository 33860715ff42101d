// Marks around or before the selected text. The browser's own undo takes them back.
const AROUND = { bold: "**", italic: "_" };
const BEFORE = {
  list: () => "- ",
  numbers: (place) => `${place + 1}. `,
  quote: () => "> ",
};

export function replace(field, from, to, words) {
  field.focus();
  field.setSelectionRange(from, to);
  // Deprecated, yet the only way that keeps the undo history; without it the text is set plainly.
  if (!document.execCommand("insertText", false, words)) {
    field.setRangeText(words, from, to, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function surround(field, mark) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  replace(field, from, to, mark + value.slice(from, to) + mark);
  field.setSelectionRange(from + mark.length, to + mark.length);
}

function link(field) {
  const { selectionStart: from, selectionEnd: to, value } = field;
  const words = value.slice(from, to);
  replace(field, from, to, `[${words}](https://)`);
  const address = from + words.length + 3;
  field.setSelectionRange(words ? address : from + 1, words ? address + 8 : from + 1);
}

function eachLine(field, mark) {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const to = field.selectionEnd;
  const lines = field.value.slice(from, to).split("\n");
  replace(field, from, to, lines.map((line, place) => mark(place) + line).join("\n"));
}

export function shape(field, format) {
  if (AROUND[format]) surround(field, AROUND[format]);
  else if (BEFORE[format]) eachLine(field, BEFORE[format]);
  else if (format === "link") link(field);
}
