import { describe, expect, it } from 'vitest';
import { MAX_HEIGHT, ScrollScale } from './scroll-scale.svelte';

const PANE = 600;
const ROW = 48;

function over(rows: number) {
  const list = { rows };
  const scale = new ScrollScale(
    () => list.rows * ROW,
    () => PANE,
  );
  return { list, scale };
}

describe('a list that fits into an element', () => {
  it('stands where the element is scrolled to', () => {
    const { scale } = over(1_000);
    expect(scale.height).toBe(48_000);
    for (const scrollTop of [0, 10, 40_000, 47_400, 3]) {
      scale.scrolled(scrollTop);
      expect([scale.top, scale.offset]).toEqual([scrollTop, 0]);
    }
    expect(scale.goTo(1_234)).toBe(1_234);
    expect(scale.goTo(1e9)).toBe(48_000 - PANE);
    expect([scale.top, scale.offset]).toEqual([47_400, 0]);
  });

  it('stays at the top when it is shorter than the pane', () => {
    const { scale } = over(3);
    expect(scale.goTo(100)).toBe(0);
    scale.scrolled(0);
    expect([scale.top, scale.offset]).toEqual([0, 0]);
  });
});

describe('a list that is higher than any element', () => {
  const HIGH = 1_000_000;
  const END = HIGH * ROW - PANE;

  it('is reached from its first row to its last one', () => {
    const { scale } = over(HIGH);
    expect(scale.height).toBe(MAX_HEIGHT);
    scale.scrolled(MAX_HEIGHT - PANE);
    expect(scale.top).toBe(END);
    expect(END - scale.offset).toBe(MAX_HEIGHT - PANE);
    scale.scrolled((MAX_HEIGHT - PANE) / 2);
    expect(scale.top).toBe(END / 2);
    scale.scrolled(0);
    expect([scale.top, scale.offset]).toEqual([0, 0]);
  });

  it('moves by as many pixels as the element where the way is short', () => {
    const { scale } = over(HIGH);
    scale.scrolled(4_000_000);
    const before = scale.top;
    const { offset } = scale;
    for (let way = 100; way <= 100_000; way += 100) scale.scrolled(4_000_000 + way);
    expect(scale.top).toBe(before + 100_000);
    expect(scale.offset).toBe(offset);
  });

  it('shows the ends when the element has come to its own, by small steps, too', () => {
    const { scale } = over(HIGH);
    scale.scrolled(1_000);
    expect(scale.top).toBeGreaterThan(1_000);
    for (let at = 900; at >= 0; at -= 100) scale.scrolled(at);
    expect(scale.top).toBe(0);
    scale.scrolled(MAX_HEIGHT - PANE - 500);
    for (let way = 400; way >= 0; way -= 100) scale.scrolled(MAX_HEIGHT - PANE - way);
    expect(scale.top).toBe(END);
    // What stands below the last row is scrolled to as well.
    scale.scrolled(MAX_HEIGHT - PANE + 40);
    expect(scale.top).toBe(END);
  });

  it('goes to a row exactly, near or far, and the element follows', () => {
    const { scale } = over(HIGH);
    for (const row of [0, 1, 2, 777_777, 777_778, 777_770, 999_999, 999_900, 12, 0]) {
      const scrollTop = scale.goTo(row * ROW);
      expect(scale.top).toBe(Math.min(row * ROW, END));
      expect(scrollTop).toBeGreaterThanOrEqual(0);
      expect(scrollTop).toBeLessThanOrEqual(MAX_HEIGHT - PANE);
      const { top } = scale;
      // The browser tells of it, too; it may have rounded.
      scale.scrolled(scrollTop);
      expect(Math.abs(scale.top - top)).toBeLessThan(1);
    }
  });

  it('stays within a list that has become shorter', () => {
    const { list, scale } = over(HIGH);
    scale.scrolled(MAX_HEIGHT - PANE);
    list.rows = 200_000;
    expect(scale.top).toBe(200_000 * ROW - PANE);
    list.rows = 100;
    scale.scrolled(100 * ROW - PANE);
    expect([scale.top, scale.offset]).toEqual([100 * ROW - PANE, 0]);
  });
});
