import { describe, expect, it } from 'vitest';
import * as format from '$lib/format';

/** A moment in the zone of the machine, so that the calendar days are the same everywhere. */
const at = (year: number, month: number, day: number, hour = 12, minute = 0, second = 0) =>
  new Date(year, month - 1, day, hour, minute, second).toISOString();
const NOW = Date.parse(at(2026, 6, 7, 12, 0, 0));

describe('relative times', () => {
  it.each([
    [at(2026, 6, 7, 12, 0, 1), 'now', 'just now'],
    [at(2026, 6, 7, 11, 59, 59), 'now', 'just now'],
    [at(2026, 6, 7, 11, 59, 48), '12 s', '12 s ago'],
    [at(2026, 6, 7, 11, 57, 0), '3 min', '3 min ago'],
    [at(2026, 6, 7, 10, 30, 0), '1 h', '1 h ago'],
    [at(2026, 6, 6, 9), 'Yesterday', 'yesterday'],
    [at(2026, 6, 4, 9), '4 Jun', '3 days ago'],
    [at(2026, 5, 7, 9), '7 May', 'on 7 May'],
    [at(2025, 6, 7, 9), '7 Jun 2025', 'on 7 Jun 2025'],
  ])('%s is %s', (then, relative, ago) => {
    expect(format.relativeTime(then, NOW)).toBe(relative);
    expect(format.timeAgo(then, NOW)).toBe(ago);
  });

  it('of late yesterday, a few minutes ago, are minutes', () => {
    const justAfterMidnight = Date.parse(at(2026, 6, 7, 0, 5));
    expect(format.relativeTime(at(2026, 6, 6, 23, 58), justAfterMidnight)).toBe('7 min');
    expect(format.timeAgo(at(2026, 6, 6, 23, 58), justAfterMidnight)).toBe('7 min ago');
  });
});

describe('clock times', () => {
  it('have seconds, and milliseconds on demand', () => {
    const then = new Date(2026, 5, 7, 9, 3, 11, 82).toISOString();
    expect(format.clockTime(then)).toBe('09:03:11');
    expect(format.clockTimeMs(then)).toBe('09:03:11.082');
    expect(format.shortTime(then)).toBe('09:03');
    expect(format.dateAndTime(then)).toBe('7 Jun, 09:03');
  });
});

describe('numbers', () => {
  it.each([
    [0.4, '<1 ms'],
    [43.2, '43 ms'],
    [1_840, '1.8 s'],
  ])('%d ms is %s', (ms, text) => expect(format.duration(ms)).toBe(text));

  it.each([
    [812, '812 B'],
    [1_234, '1.2 KB'],
    [3_400_000, '3.4 MB'],
  ])('%d bytes are %s', (bytes, text) => expect(format.byteSize(bytes)).toBe(text));

  it.each([
    [12_430, '12.4k'],
    [20_000, '20k'],
    [999_949, '999.9k'],
    [1_000_000, '1M'],
  ])('%d is %s in the sidebar', (n, text) => expect(format.compactCount(n)).toBe(text));

  it('take a plural', () => {
    expect(format.plural(1, 'directory', 'directories')).toBe('1 directory');
    expect(format.plural(2, 'directory', 'directories')).toBe('2 directories');
    expect(format.plural(0, 'user')).toBe('0 users');
  });
});

describe('addresses', () => {
  it('split where they may be cut', () => {
    expect(format.splitBaseUrl('https://ada.ngrok.app/scim/v2/k3v9tq2m')).toEqual({
      host: 'https://ada.ngrok.app',
      path: '/scim/v2/k3v9tq2m',
    });
    expect(format.hostOf('https://ada.ngrok.app')).toBe('ada.ngrok.app');
  });
});

it('lists things in words', () => {
  expect(format.listInWords([])).toBe('');
  expect(format.listInWords(['2 users'])).toBe('2 users');
  expect(format.listInWords(['1 directory', '2 users', '3 groups'])).toBe('1 directory, 2 users and 3 groups');
});

describe('the locale that groups digits', () => {
  it.each([
    ['de-DE', 'de-DE'],
    ['C', 'en-GB'],
    ['', 'en-GB'],
  ])('is a valid one for %j', (language, locale) => {
    expect(format.groupingLocale(language)).toBe(locale);
  });
});

describe('how long and since when', () => {
  it.each([
    [at(2026, 6, 7, 11, 55), '5 min', '11:55'],
    [at(2026, 6, 6, 22), '14 h', 'yesterday 22:00'],
    [at(2026, 6, 5, 13), '47 h', 'Friday 13:00'],
    [at(2026, 6, 2, 18, 2), '4 days', 'Tuesday 18:02'],
    [at(2026, 5, 20, 9), '18 days', '20 May, 09:00'],
  ])('%s', (since, span, when) => {
    expect(format.longSpan(since, new Date(NOW).toISOString())).toBe(span);
    expect(format.sinceWhen(since, NOW)).toBe(when);
  });
});

describe('when something came', () => {
  it.each([
    [at(2026, 6, 7, 11, 55, 3), '11:55:03', 'at 11:55:03'],
    // The shared timer is a minute late at most.
    [at(2026, 6, 8, 0, 0, 5), '00:00:05', 'at 00:00:05'],
    [at(2026, 6, 6, 22, 0, 9), 'yesterday 22:00', 'yesterday at 22:00:09'],
    [at(2026, 6, 5, 13), 'Friday 13:00', 'on 5 Jun at 13:00:00'],
    [at(2025, 5, 20, 9), '20 May 2025, 09:00', 'on 20 May 2025 at 09:00:00'],
  ])('%s', (then, moment, was) => {
    expect(format.momentOf(then, NOW)).toBe(moment);
    expect(format.whenWas(then, NOW)).toBe(was);
  });
});

it.each([
  [['It was replaced ', { at: at(2026, 6, 7, 9, 2) }, '.'], 'It was replaced at 09:02.'],
  [['It was replaced ', { at: at(2026, 6, 5, 9, 2) }, '.'], 'It was replaced on 5 Jun at 09:02.'],
  [
    ['Deleted ', { at: at(2025, 6, 5, 9, 2) }, ', not ', { at: at(2026, 6, 7, 9, 3) }],
    'Deleted on 5 Jun 2025 at 09:02, not at 09:03',
  ],
  [['Nothing on 2026-06-07 at all'], 'Nothing on 2026-06-07 at all'],
  // Only what is told as an instant is one: a group can be called anything.
  [['The group 2026-06-07T12:02:00.000Z is gone.'], 'The group 2026-06-07T12:02:00.000Z is gone.'],
])('an instant in a sentence is told in local time: %s', (parts, expected) => {
  const text = parts.map((part) => (typeof part === 'string' ? { text: part } : part));
  expect(format.withLocalTimes(text, NOW)).toBe(expected);
});

const MOMENT = '2026-06-07T22:03:11.482Z';
const inZone = (timeZone: string) =>
  format.fullTime(MOMENT, new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long', timeZone }));

it('a whole time has its zone and that of UTC, with its day', () => {
  expect(inZone('Europe/Berlin')).toBe('Monday, 8 June 2026 at 00:03:11 CEST (2026-06-07 22:03:11 UTC)');
  expect(inZone('America/New_York')).toBe('Sunday, 7 June 2026 at 18:03:11 GMT-4 (2026-06-07 22:03:11 UTC)');
  expect(inZone('UTC')).toBe('Sunday, 7 June 2026 at 22:03:11 UTC');
});
