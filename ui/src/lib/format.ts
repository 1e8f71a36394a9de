// How numbers, times and ids are written. Pure functions of their arguments, so that tests can name the moment.

import type { DatedText, Directory } from './api';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// The words of the interface are English, so its dates are too; digits are grouped as the system likes.
const DATES = 'en-GB';
const dayOfMonth = new Intl.DateTimeFormat(DATES, { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat(DATES, { day: 'numeric', month: 'short', year: 'numeric' });
const timeOfDay = new Intl.DateTimeFormat(DATES, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const hourAndMinute = new Intl.DateTimeFormat(DATES, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(DATES, { weekday: 'long' });
const wholeMoment = new Intl.DateTimeFormat(DATES, { dateStyle: 'full', timeStyle: 'long' });
const wordList = new Intl.ListFormat(DATES);
const grouped = new Intl.NumberFormat(groupingLocale(navigator.language));

/** The system's locale where there is one. Under the POSIX locale WebKit says `C`, which is not one, and its own default groups nothing. */
export function groupingLocale(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? DATES;
  } catch {
    return DATES;
  }
}

/** `your provider` at the beginning of a sentence: `Your provider` */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `12:03:11` */
export function clockTime(at: string): string {
  return timeOfDay.format(new Date(at));
}

/** `12:03:11.482` */
export function clockTimeMs(at: string): string {
  return `${clockTime(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

/** `12:01` */
export function shortTime(at: string): string {
  return hourAndMinute.format(new Date(at));
}

/** `Sunday, 7 June 2026 at 12:03:11 CEST (2026-06-07 10:03:11 UTC)`, for tooltips and details; where clocks show UTC, that alone. */
export function fullTime(at: string, format = wholeMoment): string {
  const moment = new Date(at);
  const local = format.format(moment);
  return local.endsWith('UTC') ? local : `${local} (${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC)`;
}

/** `now`, `12 s`, `3 min`, `1 h`, `Yesterday`, `7 Jun`, `7 Jun 2025` */
export function relativeTime(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (age < 2 * SECOND) return 'now';
  if (age < MINUTE) return `${Math.floor(age / SECOND)} s`;
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  const days = daysBetween(at, now);
  if (days === 0) return `${Math.floor(age / HOUR)} h`;
  if (days === 1) return 'Yesterday';
  return calendarDate(at, now);
}

/** The same inside a sentence: `just now`, `12 s ago`, `3 min ago`, `yesterday`, `3 days ago`, `on 7 Jun` */
export function timeAgo(at: string, now: number): string {
  const age = now - Date.parse(at);
  if (age < 2 * SECOND) return 'just now';
  const days = daysBetween(at, now);
  if (age < HOUR || days === 0) return `${relativeTime(at, now)} ago`;
  if (days === 1) return 'yesterday';
  return days < 14 ? `${days} days ago` : `on ${calendarDate(at, now)}`;
}

/** `Today`, `Yesterday`, `7 Jun`, `7 Jun 2025`: heads what happened on a day. */
export function dayOf(at: string, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : calendarDate(at, now);
}

/** `8 Jun, 10:41` */
export function dateAndTime(at: string): string {
  return `${dayOfMonth.format(new Date(at))}, ${shortTime(at)}`;
}

/** `35 min`, `14 h`, `3 days`: how long it was from one moment to another. */
export function longSpan(from: string, to: string): string {
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < HOUR) return `${Math.max(1, Math.floor(ms / MINUTE))} min`;
  return ms < 2 * DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} days`;
}

/** `12:01` today, else `yesterday 12:01`, `Tuesday 12:01`, `7 Jun, 12:01` */
export function sinceWhen(at: string, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return shortTime(at);
  if (days === 1) return `yesterday ${shortTime(at)}`;
  return days < 7 ? `${weekday.format(new Date(at))} ${shortTime(at)}` : `${calendarDate(at, now)}, ${shortTime(at)}`;
}

/** `12:03:11` today, else `yesterday 12:03`, `Tuesday 12:03`, `7 Jun, 12:03`: when a request came. */
export function momentOf(at: string, now: number): string {
  return isToday(at, now) ? clockTime(at) : sinceWhen(at, now);
}

/** `at 12:03:11`, `yesterday at 12:03:11`, `on 7 Jun at 12:03:11`: ends a sentence. */
export function whenWas(at: string, now: number): string {
  const days = daysBetween(at, now);
  if (days <= 0) return `at ${clockTime(at)}`;
  return `${days === 1 ? 'yesterday' : `on ${calendarDate(at, now)}`} at ${clockTime(at)}`;
}

/** Whether that is of today; the shared timer may be a minute late. */
export function isToday(at: string, now: number): boolean {
  return daysBetween(at, now) <= 0;
}

/** A text of the server with its instants as a person reads them: `replaced at 14:02`, `replaced on 7 Jun at 14:02`. */
export function withLocalTimes(text: DatedText, now: number): string {
  return text.map((part) => ('at' in part ? inSentence(part.at, now) : part.text)).join('');
}

/** `at 14:02` today, else `on 7 Jun at 14:02`. */
function inSentence(at: string, now: number): string {
  const time = `at ${shortTime(at)}`;
  return isToday(at, now) ? time : `on ${calendarDate(at, now)} ${time}`;
}

/** `43 ms`, `1.8 s`; below one millisecond `<1 ms` */
export function duration(ms: number): string {
  if (ms < 1) return '<1 ms';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** `1,024` */
export function count(n: number): string {
  return grouped.format(n);
}

/** `1,024`, from ten thousand on `12.4k`: for the sidebar only. */
export function compactCount(n: number): string {
  if (n < 10_000) return count(n);
  const [value, unit] = n < 999_950 ? [n / 1_000, 'k'] : [n / 1_000_000, 'M'];
  return `${value.toFixed(1).replace(/\.0$/, '')}${unit}`;
}

/** `1 user`, `2 users` */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** `812 B`, `1.2 KB`, `3.4 MB` */
export function byteSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A base URL as the part that may be cut and the part that never is: the host, and `/scim/v2/<id>`. */
export function splitBaseUrl(baseUrl: string): { host: string; path: string } {
  const start = baseUrl.indexOf('/scim/');
  return start < 0 ? { host: baseUrl, path: '' } : { host: baseUrl.slice(0, start), path: baseUrl.slice(start) };
}

/** `ada.ngrok.app` of `https://ada.ngrok.app` */
export function hostOf(url: string): string {
  return url.replace(/^[a-z]+:\/\//i, '');
}

/** Each identity provider that directories are for, once. */
export function providersOf(directories: Pick<Directory, 'provider'>[]): string[] {
  return [...new Set(directories.map(({ provider }) => provider.name))];
}

/** `Acme, Globex and Initech` */
export function listInWords(parts: string[]): string {
  return wordList.format(parts);
}

function calendarDate(at: string, now: number): string {
  const then = new Date(at);
  return (then.getFullYear() === new Date(now).getFullYear() ? dayOfMonth : dayOfYear).format(then);
}

/** How many midnights lie between two moments. */
function daysBetween(at: string, now: number): number {
  const midnight = (moment: string | number) => new Date(moment).setHours(0, 0, 0, 0);
  // Days with a clock change are 23 or 25 hours long.
  return Math.round((midnight(now) - midnight(at)) / DAY);
}
