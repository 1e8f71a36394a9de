import type { Exchange, ExchangeRow } from '$lib/api';

/** Whether the row above, and the one below, belong to a request's story, and whether the open request does. */
export interface StoryPlace {
  up: boolean;
  down: boolean;
  kin: boolean;
}

/** How a row hangs together with its neighbors: requests of one story are joined by a line. */
export function storyAt(
  rows: { rowAt(index: number): ExchangeRow | undefined },
  index: number,
  open: Exchange | null,
): StoryPlace {
  const own = rows.rowAt(index)?.story ?? null;
  const isSame = (other: number) => own !== null && rows.rowAt(other)?.story === own;
  const isKin = own !== null && own === open?.row.story && open.story.length > 1;
  return { up: isSame(index - 1), down: isSame(index + 1), kin: isKin };
}
