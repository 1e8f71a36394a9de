import Pencil from '@lucide/svelte/icons/pencil';
import SquareCheck from '@lucide/svelte/icons/square-check';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserCheck from '@lucide/svelte/icons/user-check';
import UserMinus from '@lucide/svelte/icons/user-minus';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { MenuItem } from '$components/ui/menu';
import type { GroupRow, RequestDraft, ResourceRef, UserRow } from '$lib/api';
import { words as batchWords } from '$lib/batch-words';
import { words } from '$lib/edit-words';
import { words as peopleWords } from '$lib/people-words';
import type { AppState } from '$lib/state/app.svelte';
import { activation, removal, send } from '$lib/state/resource-edits';
import { type Copyable, copyMenu, linkMenu } from './copy-menu';
import type { ResourcePage } from './resource-page.svelte';

/** The menu of a user or a group: what can be done with it, and what can be copied, to which `others` belong. */
export function resourceMenu(
  app: AppState,
  page: ResourcePage,
  row: UserRow | GroupRow,
  others: Copyable[] = [],
): MenuItem[] {
  const { id, displayName: name } = row;
  const { drawer: names } = peopleWords;
  const named =
    'userName' in row
      ? { label: names.copyUserName, what: names.userName, text: row.userName }
      : { label: names.copyName, what: names.displayName, text: name };
  const copies = [
    ...copyMenu(app, [{ label: names.copyId, what: names.id, text: id }, named, ...others]),
    ...linkMenu(app, page.routeOf(id)),
  ];
  if (row.state === 'deleted') return copies;
  const about = { id: page.directoryId, resource: 'userName' in row ? 'user' : 'group', resourceId: id } as const;
  const { selected, list } = page;
  return [
    { label: words.edit, icon: Pencil, onselect: () => app.dialogs.open({ kind: 'editResource', ...about }) },
    'userName' in row ? activationItem(app, page, row) : memberItem(app, page.directoryId, row),
    {
      label: batchWords.menu[selected.has(id) ? 'deselect' : 'select'],
      icon: SquareCheck,
      onselect: () => selected.toggle(list.indexOf(id), id),
    },
    'separator',
    ...copies,
    'separator',
    {
      label: words.delete,
      icon: Trash2,
      isDanger: true,
      onselect: () => app.dialogs.open({ kind: 'deleteResource', ...about }),
    },
  ];
}

function activationItem(app: AppState, page: ResourcePage, row: UserRow): MenuItem {
  const isActive = row.state === 'active';
  return {
    label: isActive ? words.deactivate : words.reactivate,
    icon: isActive ? UserMinus : UserCheck,
    onselect: () => void setActive(app, page, row, !isActive),
  };
}

/** Deactivates or reactivates a user. */
export function setActive(
  app: AppState,
  page: ResourcePage,
  { id, displayName }: Pick<UserRow, 'id' | 'displayName'>,
  isActive: boolean,
): Promise<void> {
  const done = isActive ? words.done.reactivated(displayName) : words.done.deactivated(displayName);
  return perform(app, page.directoryId, activation(id, isActive), done);
}

function memberItem({ dialogs }: AppState, directoryId: string, { id, displayName }: GroupRow): MenuItem {
  return {
    label: words.addMembers,
    icon: UserPlus,
    onselect: () => dialogs.open({ kind: 'addMembers', id: directoryId, groupId: id, name: displayName }),
  };
}

/** Takes a member out of a group. */
export function removeMember(app: AppState, page: ResourcePage, groupId: string, member: ResourceRef): Promise<void> {
  return perform(app, page.directoryId, removal(groupId, member.id), words.done.removed(member.name));
}

/** Sends a request that the list then shows; what the directory says against it is shown as a dialog. */
async function perform(
  { client, dialogs, announcer }: AppState,
  directoryId: string,
  draft: RequestDraft,
  done: string,
): Promise<void> {
  try {
    await send(client, directoryId, draft);
    announcer.say(done);
  } catch (thrown) {
    dialogs.tellProblem(thrown);
  }
}
