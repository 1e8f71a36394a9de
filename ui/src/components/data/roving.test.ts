import { describe, expect, it } from 'vitest';
import { Roving } from './roving.svelte';

function over(ids: string[]) {
  const list = { ids };
  const roving = new Roving<string>({
    count: () => list.ids.length,
    idAt: (index) => list.ids[index],
    indexOf: (id) => list.ids.indexOf(id),
    rowsInSight: () => 2,
  });
  return { list, roving };
}

describe('the row at the keyboard', () => {
  it('moves with arrows, J and K, pages, Home and End, and stays inside', () => {
    const { roving } = over(['a', 'b', 'c', 'd']);
    expect(roving.target('ArrowUp')).toBe(0);
    expect(roving.target('j')).toBe(1);
    expect(roving.target('PageDown')).toBe(2);
    expect(roving.target('End')).toBe(3);
    roving.moveTo(3);
    expect(roving.target('ArrowDown')).toBe(3);
    expect(roving.target('K')).toBe(2);
    expect(roving.target('PageUp')).toBe(1);
    expect(roving.target('Home')).toBe(0);
    expect(roving.target('x')).toBeNull();
  });

  it('follows its row when others arrive above it', () => {
    const { list, roving } = over(['a', 'b']);
    roving.moveTo(1);
    list.ids = ['x', 'y', 'a', 'b'];
    expect(roving.index).toBe(3);
  });

  it('stays near its place when its row goes', () => {
    const { list, roving } = over(['a', 'b', 'c']);
    roving.moveTo(2);
    list.ids = ['a', 'b'];
    expect(roving.index).toBe(1);
    list.ids = [];
    expect(roving.index).toBe(0);
    expect(roving.target('j')).toBeNull();
  });
});
