import { render } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import DiffRows from './DiffRows.svelte';
import { layOutJson } from './json';
import JsonView from './JsonView.svelte';
import SentenceText from './SentenceText.svelte';

const HOSTILE = '<img src=x onerror="alert(1)">';

describe('what an identity provider sends', () => {
  it('is text in a sentence', () => {
    const sentence = { text: `Okta created ${HOSTILE}`, subject: HOSTILE, outcome: '<b>no</b>' };
    const { container } = render(SentenceText, { sentence });
    expect(container.querySelector('img')).toBeNull();
    expect(container.querySelector('b')?.textContent).toBe(HOSTILE);
    expect(container.textContent).toContain('→ <b>no</b>');
  });

  it('is text in a difference', () => {
    const fields = [{ path: HOSTILE, before: HOSTILE, after: 'x'.repeat(1_000) }];
    const { container } = render(DiffRows, { fields: [...fields, ...fields] });
    expect(container.querySelector('img')).toBeNull();
    expect(container.querySelector('del')?.textContent).toBe(HOSTILE);
  });

  it('is text in JSON, to the letter', () => {
    const value = { [HOSTILE]: HOSTILE, right: '\u202eevil', urn: 'urn:a:b' };
    const text = JSON.stringify(value, null, 2);
    const { container } = render(JsonView, { lines: layOutJson(text) ?? [], label: 'JSON' });
    expect(container.querySelector('img')).toBeNull();
    expect(container.querySelector('pre')?.textContent).toBe(`${text}\n`);
  });
});
