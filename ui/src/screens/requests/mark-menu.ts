import GitCompareArrows from '@lucide/svelte/icons/git-compare-arrows';
import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import type { MenuItem } from '$components/ui/menu';
import type { ExchangeRow } from '$lib/api';
import { words } from '$lib/request-words';
import type { AppState } from '$lib/state/app.svelte';

/** What the lines do that need the page. */
export interface Deeds {
  annotate: (id: number) => void;
  compare: (id: number) => void;
}

/** The lines of a menu that put something on a request. */
export function markMenu(
  { marks }: Pick<AppState, 'marks'>,
  row: ExchangeRow,
  { annotate, compare }: Deeds,
): MenuItem[] {
  const { isPinned, annotation } = row;
  const { pin, annotation: note } = words;
  return [
    {
      label: isPinned ? pin.unpin : pin.pin,
      icon: isPinned ? PinOff : Pin,
      keys: 'p',
      onselect: () => void marks.setPinned(row, !isPinned),
    },
    {
      label: annotation === null ? note.add : note.edit,
      icon: StickyNote,
      keys: 'e',
      onselect: () => annotate(row.id),
    },
    {
      label:
        marks.compared === null
          ? words.compare.mark
          : marks.compared === row.id
            ? words.compare.unmark
            : words.compare.withMarked,
      icon: GitCompareArrows,
      keys: 'c',
      onselect: () => compare(row.id),
    },
  ];
}
