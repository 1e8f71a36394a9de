// Finding what was typed in names: each word anywhere, whatever the letter case.

/** A part of a text, and whether it is what was typed. */
export interface Part {
  text: string;
  isMatch: boolean;
}

function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

/** How well a text matches: 0 not at all, more for words at the beginning. */
export function score(text: string, query: string): number {
  const lower = text.toLowerCase();
  const words = wordsOf(query);
  if (words.length === 0) return 1;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const at = lower.indexOf(word);
    if (at < 0) return 0;
    const isAtWord = at === 0 || new RegExp(`[\\s·/._-]${escape(word)}`, 'u').test(lower);
    least = Math.min(least, at === 0 ? 3 : isAtWord ? 2 : 1);
  }
  return least;
}

/** The text in parts, with what was typed apart. */
export function parts(text: string, query: string): Part[] {
  const words = wordsOf(query);
  if (words.length === 0) return [{ text, isMatch: false }];
  // Longest first: of two words that overlap the longer one is shown.
  const pattern = new RegExp(
    `(${words
      .sort((a, b) => b.length - a.length)
      .map(escape)
      .join('|')})`,
    'giu',
  );
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, isMatch: index % 2 === 1 }))
    .filter(({ text: part }) => part !== '');
}

function escape(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
