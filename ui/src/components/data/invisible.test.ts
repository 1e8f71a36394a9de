import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import { hasInvisible, splitInvisible } from './invisible';
import Shown from './Shown.svelte';

const marked = (text: string) =>
  splitInvisible(text)
    .map((part) => (part.kind === 'mark' ? `[${part.name}]` : part.text))
    .join('');

describe('invisible characters', () => {
  it.each([
    ['Ada\u200bLovelace', 'Ada[ZWSP]Lovelace'],
    ['\ufeffAda', '[BOM]Ada'],
    ['Ada\u00a0Lovelace', 'Ada[NBSP]Lovelace'],
    [' Ada  Lovelace ', '[SP]Ada  Lovelace[SP]'],
    ['a\u202egpj.exe', 'a[RLO]gpj.exe'],
    ['a\tb\u0007', 'a[TAB]b[U+0007]'],
    ['x\u{e0041}', 'x[U+E0041]'],
    ['می\u200cخواهم', 'می[ZWNJ]خواهم'],
    ['a\u200db', 'a[ZWJ]b'],
  ])('are marked in %j', (text, expected) => expect(marked(text)).toBe(expected));

  it.each(['Ada Lovelace', 'Zoë', 'e\u0301', 'أحمد', '👩\u200d💻', '❤\ufe0f\u200d🔥', '', '日本'])(
    'are not seen in %j',
    (text) => expect(hasInvisible(text)).toBe(false),
  );

  it('are bounded in number, and quick to find in a very long text', () => {
    expect(splitInvisible('\u200b'.repeat(10_000)).filter(({ kind }) => kind === 'mark')).toHaveLength(200);
    expect(marked(' '.repeat(1_000))).toContain('[SP]');
    expect(hasInvisible('x'.repeat(1_000_000))).toBe(false);
  });

  it('stay what they are for whoever copies them', () => {
    const { container } = render(Shown, { text: 'Ada\u200b<b>Lovelace' });
    expect(container.querySelector('.mark')?.getAttribute('data-name')).toBe('ZWSP');
    expect(container.querySelector('b')).toBeNull();
    expect(container.textContent).toBe('Ada\u200b<b>Lovelace');
    expect(container.querySelector('.mark')?.getAttribute('aria-label')).toBe('invisible character ZWSP');
  });
});
