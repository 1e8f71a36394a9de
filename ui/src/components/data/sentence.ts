import type { Sentence } from '$lib/api';

/** The sentence around its subject, which is set in bold. */
export interface SplitSentence {
  before: string;
  subject: string;
  after: string;
}

/**
 * Finds the subject in the text. The actor stands first and may be called like the subject, or the subject like a part of
 * another word, so whole words after the start win.
 */
export function splitSentence({ text, subject }: Sentence): SplitSentence {
  if (subject === null || subject === '') return { before: text, subject: '', after: '' };
  const places: number[] = [];
  for (let at = text.indexOf(subject); at >= 0; at = text.indexOf(subject, at + 1)) places.push(at);
  const isWhole = (at: number) => !isWordPart(text[at - 1]) && !isWordPart(text[at + subject.length]);
  const at = places.find((place) => place > 0 && isWhole(place)) ?? places.find(isWhole) ?? places[0];
  if (at === undefined) return { before: text, subject: '', after: '' };
  return { before: text.slice(0, at), subject, after: text.slice(at + subject.length) };
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
