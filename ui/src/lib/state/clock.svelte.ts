import type { DatedText } from '$lib/api';
import { dayOf, isToday, momentOf, relativeTime, sinceWhen, timeAgo, withLocalTimes } from '$lib/format';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/**
 * The one timer behind all relative times. What is younger than a minute follows the seconds, the rest the minutes, so
 * that a long list does not work every second.
 */
export class Clock {
  #second = $state(Date.now());
  #minute = $state(Date.now());
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    this.#timer ??= setInterval(() => this.#tick(), SECOND);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** The present in milliseconds, as fine as something that happened at `at` needs it. */
  nowFor(at: string): number {
    const then = Date.parse(at);
    return this.#minute - then < MINUTE ? Math.max(this.#second, then) : this.#minute;
  }

  /** `12 s`; updates by itself where it is read in a template. */
  relative(at: string): string {
    return relativeTime(at, this.nowFor(at));
  }

  /** `12 s ago`; updates by itself where it is read in a template. */
  ago(at: string): string {
    return timeAgo(at, this.nowFor(at));
  }

  /** `12:03:11`, with its day if that is another one; updates by itself where it is read in a template. */
  moment(at: string): string {
    return momentOf(at, this.#minute);
  }

  /** `12:03`, with its day if that is another one; updates by itself where it is read in a template. */
  since(at: string): string {
    return sinceWhen(at, this.#minute);
  }

  /** `Yesterday`, `7 Jun`; null for what is of today. */
  otherDay(at: string): string | null {
    return isToday(at, this.#minute) ? null : dayOf(at, this.#minute);
  }

  /** A text of the server with its instants in local time; follows the change of the day where it is read in a template. */
  localTimes(text: DatedText): string {
    return withLocalTimes(text, this.#minute);
  }

  /** Whether `at` was less than `ms` ago; `ms` of a minute or less. */
  isWithin(at: string, ms: number): boolean {
    return this.nowFor(at) - Date.parse(at) < ms;
  }

  #tick(): void {
    this.#second = Date.now();
    if (this.#second - this.#minute >= MINUTE) this.#minute = this.#second;
  }
}
