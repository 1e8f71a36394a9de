import Download from '@lucide/svelte/icons/download';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { Command, MenuItem } from '$components/ui/menu';
import { ApiError } from '$lib/api';
import { words } from '$lib/batch-words';
import { words as editWords } from '$lib/edit-words';
import { words as paletteWords } from '$lib/palette-words';
import type { AppState } from '$lib/state/app.svelte';
import type { SelectedResources } from '$lib/state/dialogs.svelte';
import type { ResourcePage } from './resource-page.svelte';

/** What can be done with what is selected: the most likely ones, then the others. */
export function selectionCommands(app: AppState, page: ResourcePage): { first: Command[]; others: Command[] } {
  const { directoryId: id, kind: resource, selected } = page;
  const about = () => ({ id, resource, count: selected.count, selection: selected.selection });
  const change = (what: 'deactivate' | 'reactivate') => () => void startChange(app, page, what, about());
  const add: Command = {
    label: words.menu.addToGroup,
    icon: UserPlus,
    onselect: () => app.dialogs.open({ kind: 'addToGroup', ...about() }),
  };
  const remove: Command = {
    label: editWords.delete,
    icon: Trash2,
    isDanger: true,
    onselect: () => app.dialogs.open({ kind: 'changeSelection', what: 'delete', ...about() }),
  };
  const save: Command = {
    label: words.menu.export,
    icon: Download,
    onselect: () => app.dialogs.open({ kind: 'export', id, list: page.exported }),
  };
  if (resource === 'group') return named({ first: [remove], others: [add, save] });
  const deactivate = { label: editWords.deactivate, icon: UserMinus, onselect: change('deactivate') };
  const reactivate = { label: editWords.reactivate, icon: UserCheck, onselect: change('reactivate') };
  return named({ first: [deactivate, remove], others: [reactivate, add, save] });
}

/** With what they are called where nobody sees the selection. */
function named({ first, others }: { first: Command[]; others: Command[] }) {
  const name = (command: Command): Command => ({ ...command, name: paletteWords.selection(command.label) });
  return { first: first.map(name), others: others.map(name) };
}

/** The same as a menu. */
export function selectionMenu(app: AppState, page: ResourcePage): MenuItem[] {
  const { first, others } = selectionCommands(app, page);
  const [remove, ...changes] = [...first].reverse();
  return [...changes, ...others, ...(remove === undefined ? [] : (['separator', remove] as const))];
}

/** Begins to change what is selected, which is then selected no more; asks first if it is not as many as the person sees. */
async function startChange(
  { client, batches, dialogs }: AppState,
  page: ResourcePage,
  what: 'deactivate' | 'reactivate',
  about: SelectedResources,
): Promise<void> {
  const { id, resource, selection } = about;
  try {
    batches.follow(await client.startBatch(id, { what: { type: what }, resource, selection }));
    page.endSelection();
  } catch (thrown) {
    const { count, message: text } = ApiError.of(thrown);
    dialogs.open(count === null ? { kind: 'problem', text } : { kind: 'changeSelection', what, ...about, count });
  }
}
