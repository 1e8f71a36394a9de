import { expect, it } from 'vitest';
import { linesOf, MANY, namedPlaces, partsOf, rfcOf, withShortIds } from './lines';

const numbers = (n: number) => Array.from({ length: n }, (_, index) => index + 1);

it('shows few rows one by one, and many as hundreds with the bad ones apart', () => {
  expect(linesOf(numbers(MANY), () => false)).toHaveLength(MANY);
  const lines = linesOf(numbers(250), (n) => n === 7 || n > 240);
  const shown = lines.map((line) => (line.kind === 'one' ? line.row : `${line.from}–${line.to}`));
  expect(shown).toEqual(['1–100', 7, '101–200', '201–250', ...numbers(10).map((n) => 240 + n)]);
});

it('does not let a thousand failures become a thousand lines', () => {
  const lines = linesOf(numbers(1_000), () => true);
  expect(lines).toHaveLength(10 * 21);
  expect(lines[0]).toMatchObject({ kind: 'many', hidden: 80 });
});

it('joins neighbors of a bar', () => {
  const parts = partsOf(['passed', 'passed', 'failed', 'passed'], 8);
  expect(parts).toEqual([
    { state: 'passed', share: 0.25 },
    { state: 'failed', share: 0.125 },
    { state: 'passed', share: 0.125 },
  ]);
});

it('shortens ids, and shows none that are made up', () => {
  const id = (first: string) => `${first}-6acd-4b98-9348-1dd9a84fae4f`;
  expect(withShortIds(`/Users/${id('1d14110c')}?a=1`)).toBe('/Users/1d14110c…?a=1');
  expect(withShortIds(`/Groups/${id('00000000')}`)).toBe('/Groups/…');
  expect(withShortIds('/Users?filter=userName eq "a-b"')).toBe('/Users?filter=userName eq "a-b"');
});

it('names the places where something stands', () => {
  expect(rfcOf('LabA §4, LabB §11; RFC 7644 §3.5.1; OktaRef')).toBe('RFC 7644 §3.5.1');
  expect(rfcOf('OktaRef')).toBe('');
  const sources = [{ key: 'LabA', title: 'A log' }];
  expect(namedPlaces('LabA §1, LabB §6; LabA', sources)).toEqual(['A log §1', 'LabB §6', 'A log']);
  expect(namedPlaces('SPEC test, step 5; LabA', sources)).toEqual(['SPEC test, step 5', 'A log']);
  expect(namedPlaces('', sources)).toEqual([]);
});
