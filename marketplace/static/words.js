// Counts exactly as the server does: marketplace/web/words.py, `count_words(cleaned(text))`.
const LINE_ENDS = /\r\n?|[\u2028\u2029\x85]/g;
const TAKEN_OUT = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;
const WORDS = /[^\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+/g;
const EDGES = /^[\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+|[\t\n \xa0\u1680\u2000-\u200a\u202f\u205f\u3000]+$/g;

function cleaned(text) {
  return text.replace(LINE_ENDS, "\n").replace(TAKEN_OUT, "");
}

export function countWords(text) {
  return cleaned(text).match(WORDS)?.length ?? 0;
}

export function countCharacters(text) {
  return [...cleaned(text).replace(EDGES, "")].length;
}
