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

/** An answer that is given later. */
function later() {
  let [resolve, reject] = [(_: string[]): void => undefined, (_: Error): void => undefined];
  const promise = new Promise<string[]>((...both) => ([resolve, reject] = both));
  return { promise, resolve, reject };
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
    expect(selected.selection).toEqual({ search: 'ada', status: 'active', all: true, except: ['3'], count: 9 });
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

  it('are a range from where the keyboard is if the last one was selected where the list has it not', async () => {
    const selected = new RowSelection(listOf(10));
    selected.toggle(-1, 'elsewhere');
    await selected.extend(2, 3);
    expect(selected.selection.ids).toEqual(['elsewhere', '2', '3']);
  });

  it('are not a range that is found after they were given up or another was wanted, and why one could not be is told', async () => {
    const [first, second, third] = [later(), later(), later()];
    const answers = [first.promise, second.promise, third.promise];
    const onfail = vi.fn();
    const list = { ...listOf(10), idsBetween: () => answers.shift() ?? Promise.resolve([]) };
    const selected = new RowSelection(list, undefined, onfail);
    const late = selected.extend(0, 3);
    selected.clear();
    first.resolve(['0', '1', '2', '3']);
    await late;
    expect(selected.count).toBe(0);
    const outrun = selected.extend(0, 3);
    const newest = selected.extend(0, 1);
    third.resolve(['0', '1']);
    await newest;
    second.reject(new Error('late'));
    await outrun;
    expect([selected.selection.ids, onfail.mock.calls.length]).toEqual([['0', '1'], 0]);
    answers.push(Promise.reject(new Error('The disk is full.')));
    await selected.extend(0, 2);
    expect(onfail).toHaveBeenCalledOnce();
  });
});
