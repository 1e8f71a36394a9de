import Download from '@lucide/svelte/icons/download';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { MenuItem } from '$components/ui/menu';
import { ApiError, type SelectionChange } from '$lib/api';
import { words } from '$lib/batch-words';
import { words as editWords } from '$lib/edit-words';
import type { Shared } from '$lib/state/context';
import type { ResourcePage } from './resource-page.svelte';

/** An entry of a menu that does something. */
type Command = Exclude<MenuItem, 'separator'>;

/** What can be done with what is selected: the most likely ones, then the others. */
export function selectionCommands(shared: Shared, page: ResourcePage): { first: Command[]; others: Command[] } {
  const { app } = shared;
  const { directoryId: id, kind: resource, selected } = page;
  const about = () => ({ id, resource, count: selected.count, selection: selected.selection });
  const change = (type: 'deactivate' | 'reactivate') => () => void startChange(shared, page, { type });
  const add: Command = {
    label: words.menu.addToGroup,
    icon: UserPlus,
    onselect: () => (app.dialog = { kind: 'addToGroup', ...about() }),
  };
  const remove: Command = {
    label: editWords.delete,
    icon: Trash2,
    isDanger: true,
    onselect: () => (app.dialog = { kind: 'deleteSelection', ...about() }),
  };
  const save: Command = {
    label: words.menu.export,
    icon: Download,
    onselect: () => (app.dialog = { kind: 'export', id, list: page.exported }),
  };
  if (resource === 'group') return { first: [remove], others: [add, save] };
  const deactivate = { label: editWords.deactivate, icon: UserMinus, onselect: change('deactivate') };
  const reactivate = { label: editWords.reactivate, icon: UserCheck, onselect: change('reactivate') };
  return { first: [deactivate, remove], others: [reactivate, add, save] };
}

/** The same as a menu. */
export function selectionMenu(shared: Shared, page: ResourcePage): MenuItem[] {
  const { first, others } = selectionCommands(shared, page);
  const [remove, ...changes] = [...first].reverse();
  return [...changes, ...others, ...(remove === undefined ? [] : (['separator', remove] as const))];
}

/** Begins to change what is selected, which is then selected no more. */
async function startChange({ app }: Shared, page: ResourcePage, what: SelectionChange): Promise<void> {
  const { directoryId, kind: resource, selected } = page;
  try {
    app.batches.follow(await app.client.startBatch(directoryId, { what, resource, selection: selected.selection }));
    page.endSelection();
  } catch (thrown) {
    app.dialog = { kind: 'problem', text: ApiError.of(thrown).message };
  }
}
