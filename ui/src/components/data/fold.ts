import type { Line } from './json';

/** A block of JSON that can be folded: from the line that opens it to the one that closes it. */
export interface Fold {
  start: number;
  end: number;
  /** What it is called: its key, or nothing. */
  name: string;
}

/** The blocks of `lines` that have something between their brackets, by the line that opens them. */
export function foldsOf(lines: readonly Line[]): Map<number, Fold> {
  const open: number[] = [];
  const folds: Fold[] = [];
  lines.forEach(({ tokens }, index) => {
    const [first] = tokens;
    const last = tokens.at(-1);
    if (first !== undefined && isBracket(first, '}]')) {
      const start = open.pop();
      if (start !== undefined) folds.push({ start, end: index, name: nameOf(lines[start]) });
    }
    if (last !== undefined && isBracket(last, '{[')) open.push(index);
  });
  return new Map(folds.sort((a, b) => a.start - b.start).map((fold) => [fold.start, fold]));
}

/** The numbers of the lines that are seen while the blocks that begin at `folded` are shut. */
export function linesInSight(count: number, folds: ReadonlyMap<number, Fold>, folded: ReadonlySet<number>): number[] {
  const seen: number[] = [];
  for (let index = 0; index < count; index += 1) {
    seen.push(index);
    const fold = folds.get(index);
    if (fold !== undefined && folded.has(index)) index = fold.end;
  }
  return seen;
}

function isBracket({ kind, text }: Line['tokens'][number], which: string): boolean {
  return kind === 'punctuation' && which.includes(text);
}

function nameOf(line: Line | undefined): string {
  const key = line?.tokens.find(({ kind }) => kind === 'key')?.text ?? '';
  return key.replace(/^"|"$/g, '');
}
