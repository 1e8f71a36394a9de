import { cleanup, render, screen } from '@testing-library/svelte';
import { afterEach, describe, expect, it } from 'vitest';
import ChangeText from '$components/data/ChangeText.svelte';
import DiffRows from '$components/data/DiffRows.svelte';
import type { Change, FieldChange } from '$lib/api';

const HOSTILE = '<img src=x onerror="alert(1)">';
afterEach(cleanup);

const field = (path: string, before: unknown, after: unknown): FieldChange => ({ path, before, after });

function change(fields: FieldChange[]): Change {
  return {
    seq: 1,
    at: '2026-06-07T12:00:00.000Z',
    directoryId: 'dir1',
    resourceKind: 'user',
    resourceId: 'ada',
    resourceName: 'Ada',
    kind: 'updated',
    fieldCount: fields.length,
    fields,
    members: null,
    actor: { idp: 'okta', name: 'Okta' },
    exchangeId: 1,
  };
}

describe('the fields of a change', () => {
  it('are read aloud as sentences, and shown as before and after', () => {
    render(DiffRows, {
      fields: [
        field('department', 'Sales', 'Marketing'),
        field('emails[type eq "work"].value', undefined, 'ada@x.example'),
      ],
    });
    expect(screen.getByText('department changed from Sales to Marketing')).toBeTruthy();
    expect(screen.getByText('emails[type eq "work"].value changed from (none) to ada@x.example')).toBeTruthy();
    const [first, second] = [...document.querySelectorAll('.values')];
    expect(first?.getAttribute('aria-hidden')).toBe('true');
    expect(first?.querySelector('del')?.textContent).toBe('Sales');
    expect(first?.querySelector('ins')?.textContent).toBe('Marketing');
    expect(second?.querySelector('del')?.className).toContain('none');
  });

  it('show what cannot be seen as marks, and markup as text', () => {
    render(DiffRows, { fields: [field('title', 'a\u200bb', HOSTILE)] });
    expect(document.querySelector('del [aria-label^="invisible character"]')?.textContent).toBe('\u200b');
    expect(document.querySelector('ins')?.textContent).toBe(HOSTILE);
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('a change in one line', () => {
  it('is the first field, and how many more there are', () => {
    render(ChangeText, {
      change: change([field('title', 'Lead', 'Director of Software'), field('locale', 'en', 'de')]),
      source: 'Okta',
    });
    expect(document.querySelector('.field')?.getAttribute('title')).toBe(
      'title changed from Lead to Director of Software\nlocale changed from en to de',
    );
    expect(screen.getByLabelText('changed to')).toBeTruthy();
    expect(screen.getByText('+1')).toBeTruthy();
  });

  it('never cuts a short value; a long one keeps its beginning', () => {
    render(ChangeText, { change: change([field('title', 'Lead', 'Director of Software')]), source: 'Okta' });
    expect(screen.getByText('Lead').className).not.toContain('long');
    expect(screen.getByText('Director of Software').className).toContain('long');
  });
});
