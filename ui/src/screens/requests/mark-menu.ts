import Pin from '@lucide/svelte/icons/pin';
import PinOff from '@lucide/svelte/icons/pin-off';
import StickyNote from '@lucide/svelte/icons/sticky-note';
import type { MenuItem } from '$components/ui/menu';
import type { ExchangeRow } from '$lib/api';
import { words } from '$lib/request-words';
import type { Shared } from '$lib/state/context';

/** The lines of a menu that put something on a request. */
export function markMenu({ marks }: Shared, row: ExchangeRow, annotate: (id: number) => void): MenuItem[] {
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
  ];
}
