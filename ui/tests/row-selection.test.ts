import { describe, expect, it, vi } from 'vitest';
import { MOST_SELECTED, RowSelection } from '$lib/state/row-selection.svelte';

/** A list of rows `0`, `1`, …, searched for “ada”. */
function listOf(total: number) {
  return {
    total,
    rowAt: (index: number) => ({ id: String(index) }),
    indexOf: (id: string) => Number(id),
    question: { search: 'ada', status: 'active' as const },
    idsBetween: (first: number, last: number) =>
      Promise.resolve(Array.from({ length: last - first + 1 }, (_, at) => String(first + at))),
  };
}

describe('the rows that are selected', () => {
  it('are chosen one by one', () => {
    const selected = new RowSelection(listOf(10));
    selected.toggle(1, '1');
    selected.toggle(3, '3');
    selected.toggle(1, '1');
    expect([selected.count, selected.has('3'), selected.has('1')]).toEqual([1, true, false]);
    expect(selected.selection).toEqual({ ids: ['3'] });
  });

  it('are a range that shrinks again', async () => {
    const selected = new RowSelection(listOf(10));
    selected.toggle(9, '9');
    selected.toggle(2, '2');
    await selected.extend(2, 5);
    expect(selected.selection.ids).toEqual(['9', '2', '3', '4', '5']);
    await selected.extend(5, 1);
    expect(selected.selection.ids?.sort()).toEqual(['1', '2', '9']);
  });

  it('are a range from a row that others have pushed down meanwhile', async () => {
    const list = { ...listOf(10), indexOf: (id: string) => Number(id) + 2 };
    const selected = new RowSelection(list);
    selected.toggle(2, '2');
    await selected.extend(2, 6);
    expect(selected.selection.ids).toEqual(['2', '4', '5', '6']);
  });

  it('are all that the list finds, but for some', () => {
    const list = listOf(10);
    const selected = new RowSelection(list);
    selected.toggle(2, '2');
    selected.all();
    selected.toggle(3, '3');
    expect([selected.count, selected.has('2'), selected.has('3')]).toEqual([9, true, false]);
    expect(selected.selection).toEqual({ search: 'ada', status: 'active', all: true, except: ['3'] });
    expect(selected.query).toEqual({ search: 'ada', status: 'active', except: '3' });
    list.total = 0;
    selected.clear();
    expect(selected.isAny).toBe(false);
  });

  it('are not more than an address has room for', async () => {
    const onmost = vi.fn();
    const selected = new RowSelection(listOf(5_000), onmost);
    await selected.extend(0, MOST_SELECTED);
    expect([selected.count, onmost.mock.calls.length]).toEqual([0, 1]);
    await selected.extend(0, MOST_SELECTED - 1);
    selected.toggle(MOST_SELECTED, String(MOST_SELECTED));
    expect([selected.count, onmost.mock.calls.length]).toEqual([MOST_SELECTED, 2]);
  });
});
