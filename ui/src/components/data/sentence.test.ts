import { describe, expect, it } from 'vitest';
import { initialsOf, tintOf } from './avatar';
import { splitSentence } from './sentence';

const split = (text: string, subject: string | null) => {
  const parts = splitSentence({ text, subject, outcome: null });
  return [parts.before, parts.subject, parts.after];
};

describe('the bold part of a sentence', () => {
  it('is the subject', () => {
    expect(split('Okta updated Ada Lovelace, 2 attributes', 'Ada Lovelace')).toEqual([
      'Okta updated ',
      'Ada Lovelace',
      ', 2 attributes',
    ]);
  });

  it('is not the actor of the same name', () => {
    expect(split('Okta created Okta', 'Okta')).toEqual(['Okta created ', 'Okta', '']);
  });

  it('is not a part of another word', () => {
    expect(split('Okta updated a, 2 attributes', 'a')).toEqual(['Okta updated ', 'a', ', 2 attributes']);
  });

  it('may be missing', () => {
    expect(split('Okta tested the connection', null)).toEqual(['Okta tested the connection', '', '']);
    expect(split('Okta created someone', 'Ada')).toEqual(['Okta created someone', '', '']);
  });
});

describe('avatars', () => {
  it('take the first and the last initial, in any script', () => {
    expect(initialsOf('Ada Lovelace')).toBe('AL');
    expect(initialsOf('Karen Spärck Jones')).toBe('KJ');
    expect(initialsOf('עדה לאבלייס')).toBe('על');
    expect(initialsOf('ada@example.com')).toBe('A');
    expect(initialsOf('<img src=x>')).toBe('IS');
    expect(initialsOf(' … ')).toBe('?');
    expect(initialsOf('')).toBe('?');
  });

  it('keep their tint', () => {
    expect(tintOf('2819c223')).toBe(tintOf('2819c223'));
    const tints = new Set(Array.from({ length: 100 }, (_, index) => tintOf(`id-${index}`)));
    expect([...tints].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
