// Characters that nobody sees and that make two names differ: they are shown as marks, and stay what they are for whoever copies them.

/** A run of plain text, or one invisible character with the name that its mark shows. */
export type Part = { kind: 'text'; text: string } | { kind: 'mark'; text: string; name: string };

/** The abbreviations by which the Unicode charts show them; others are named by their number. */
const NAMES: Record<string, string> = {
  ' ': 'SP',
  '\t': 'TAB',
  '\n': 'LF',
  '\r': 'CR',
  '\u0000': 'NUL',
  '\u001b': 'ESC',
  '\u007f': 'DEL',
  '\u00a0': 'NBSP',
  '\u00ad': 'SHY',
  '\u034f': 'CGJ',
  '\u061c': 'ALM',
  '\u200b': 'ZWSP',
  '\u200c': 'ZWNJ',
  '\u200d': 'ZWJ',
  '\u200e': 'LRM',
  '\u200f': 'RLM',
  '\u2028': 'LS',
  '\u2029': 'PS',
  '\u202a': 'LRE',
  '\u202b': 'RLE',
  '\u202c': 'PDF',
  '\u202d': 'LRO',
  '\u202e': 'RLO',
  '\u202f': 'NNBSP',
  '\u2060': 'WJ',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
  '\ufeff': 'BOM',
};

/** Control and format characters, and what is as blank as a space without being one. */
const INVISIBLE =
  /\u034f|\u17b4|\u17b5|[\u180b-\u180f]|[\p{Cc}\u00a0\u00ad\u061c\u115f\u1160\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e007f}]/gu;

/** An emoji that joins the next one. */
const JOINING_EMOJI = /\p{Extended_Pictographic}\ufe0f?$/u;

/** As many are marked in one text; more only make it slow. */
const MOST_MARKS = 200;

/** Whether there is anything to mark. A blank at the beginning or the end of a part of a text is not at an edge of it. */
export function hasInvisible(text: string, hasEdges = true): boolean {
  return !invisibles(text, hasEdges).next().done;
}

/** The text in runs, in which each invisible character stands alone. */
export function splitInvisible(text: string, hasEdges = true): Part[] {
  const parts: Part[] = [];
  let end = 0;
  let marks = 0;
  for (const [at, mark] of invisibles(text, hasEdges)) {
    if (marks >= MOST_MARKS) break;
    marks += 1;
    if (at > end) parts.push({ kind: 'text', text: text.slice(end, at) });
    parts.push({ kind: 'mark', text: mark, name: nameOf(mark) });
    end = at + mark.length;
  }
  if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

/** Where the invisible characters stand, in order. A blank at the beginning or the end is as hard to see. */
function* invisibles(text: string, hasEdges: boolean): Generator<[number, string]> {
  let [start, end] = [0, text.length];
  while (hasEdges && text[start] === ' ') {
    yield [start, ' '];
    start += 1;
  }
  while (hasEdges && end > start && text[end - 1] === ' ') end -= 1;
  for (const match of text.slice(0, end).matchAll(INVISIBLE)) {
    const isJoiner = match[0] === '\u200d' && JOINING_EMOJI.test(text.slice(Math.max(0, match.index - 3), match.index));
    if (!isJoiner) yield [match.index, match[0]];
  }
  for (let at = end; at < text.length; at += 1) yield [at, ' '];
}

function nameOf(character: string): string {
  const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return NAMES[character] ?? `U+${number}`;
}
