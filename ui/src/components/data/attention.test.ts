import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Attention, REST_MS } from './attention';

describe('attention', () => {
  let isReading = false;
  let attention: Attention;

  beforeEach(() => {
    vi.useFakeTimers();
    isReading = false;
    attention = new Attention((now) => (isReading = now));
  });
  afterEach(() => vi.useRealTimers());

  it('is held by a moving pointer until it rests or leaves', () => {
    attention.pointerAt(1, 1);
    attention.pointerAt(2, 1);
    expect(isReading).toBe(true);
    vi.advanceTimersByTime(REST_MS);
    expect(isReading).toBe(false);
    attention.pointerAt(3, 1);
    expect(isReading).toBe(true);
    attention.pointerLeft();
    expect(isReading).toBe(false);
  });

  it('is not held by a pointer that only happens to be there', () => {
    attention.pointerAt(1, 1);
    attention.pointerAt(1, 1);
    expect(isReading).toBe(false);
  });

  it('is held as long as the list is scrolled away', () => {
    attention.scrolled(false);
    attention.pointerLeft();
    expect(isReading).toBe(true);
    attention.scrolled(true);
    expect(isReading).toBe(false);
  });
});
