/** How many tints there are; see `tokens.css`. */
const TINTS = 6;

/** One of the six tints, always the same for the same id. */
export function tintOf(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return (hash % TINTS) + 1;
}

/** `AL` of `Ada Lovelace`, in any script; `?` where there is neither a letter nor a digit. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s@._-]+/u).flatMap((word) => word.match(/[\p{L}\p{N}]/u) ?? []);
  const [first, last] = [words[0], name.includes('@') ? undefined : words.at(-1)];
  if (first === undefined) return '?';
  return (words.length > 1 && last !== undefined ? first + last : first).toUpperCase();
}
