// Finding what was typed in names: each word anywhere, whatever the letter case, accents and apostrophes. The server searches in the same way
// (src-tauri/scim/src/search_key.rs); tests/data/search/keys.json holds both to it.

/** A part of a text, and whether it is what was typed. */
export interface Part {
  text: string;
  isMatch: boolean;
}

/** Letters that have no accent that could be left out, and other forms of one letter. */
const SPELLED: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i',
  ł: 'l',
  þ: 'th',
  ς: 'σ',
};
/** Accents, and what stands for an apostrophe. */
const IGNORED = /[\u0300-\u036f'`´ʹʻʼ‘’′]/gu;
/** Letters that Asian fonts also have in full or half the width. */
const WIDE = /[\u3000\uff00-\uffef]/u;

/** What two texts have in common that are the same for a search. Each letter has a key of its own. */
export function searchKey(text: string): string {
  return [...text].map(keyOf).join('');
}

function keyOf(letter: string): string {
  const parts = letter.normalize(WIDE.test(letter) ? 'NFKD' : 'NFD').replace(IGNORED, '');
  return [...parts.toLowerCase()].map((part) => SPELLED[part] ?? part).join('');
}

function wordsOf(query: string): string[] {
  return searchKey(query).split(/\s+/).filter(Boolean);
}

/** How well a text matches: 0 not at all, more for words at the beginning. */
export function score(text: string, query: string): number {
  const key = searchKey(text);
  const words = wordsOf(query);
  if (words.length === 0) return 1;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const at = key.indexOf(word);
    if (at < 0) return 0;
    const isAtWord = at === 0 || new RegExp(`[\\s·/._-]${escape(word)}`, 'u').test(key);
    least = Math.min(least, at === 0 ? 3 : isAtWord ? 2 : 1);
  }
  return least;
}

/** The text in parts, with what was typed apart. */
export function parts(text: string, query: string): Part[] {
  const words = wordsOf(query);
  const letters = [...text];
  const keys = letters.map(keyOf);
  const isMatch = letters.map(() => false);
  // Longest first: of two words that overlap the longer one is shown.
  const pattern = new RegExp(
    words
      .sort((a, b) => b.length - a.length)
      .map(escape)
      .join('|'),
    'gu',
  );
  for (const { 0: found, index } of words.length === 0 ? [] : keys.join('').matchAll(pattern)) {
    let at = 0;
    keys.forEach((key, place) => {
      // What has no key, an accent or an apostrophe, belongs to the letter before it.
      const isInside =
        key === '' ? at > index && at <= index + found.length : at < index + found.length && at + key.length > index;
      if (isInside) isMatch[place] = true;
      at += key.length;
    });
  }
  return letters.reduce<Part[]>((shown, letter, place) => {
    const last = shown.at(-1);
    const isFound = isMatch[place] === true;
    if (last?.isMatch === isFound) last.text += letter;
    else shown.push({ text: letter, isMatch: isFound });
    return shown;
  }, []);
}

function escape(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
