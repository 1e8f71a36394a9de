import CopyPlus from '@lucide/svelte/icons/copy-plus';
import Download from '@lucide/svelte/icons/download';
import FileUp from '@lucide/svelte/icons/file-up';
import FolderInput from '@lucide/svelte/icons/folder-input';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import Trash2 from '@lucide/svelte/icons/trash-2';
import UserPlus from '@lucide/svelte/icons/user-plus';
import type { MenuItem } from '$components/ui/menu';
import type { Directory } from '$lib/api';
import { words as manyWords } from '$lib/batch-words';
import { words as deeds } from '$lib/directory-deed-words';
import { words as paletteWords } from '$lib/palette-words';
import type { AppState } from '$lib/state/app.svelte';
import { type DirectoryTab, isSamePage, type Route } from '$lib/state/route';
import { words } from '$lib/words';
import { copyMenu, linkMenu } from './copy-menu';

/** The menu of a directory whose `tab` is shown. */
export function directoryMenu(app: AppState, { id, baseUrl }: Directory, tab: DirectoryTab): MenuItem[] {
  const { router, workspace, dialogs, onScreen } = app;
  const opens =
    (kind: 'import' | 'samples' | 'duplicateDirectory' | 'moveDirectory' | 'resetDirectory' | 'deleteDirectory') =>
    () =>
      dialogs.open({ kind, id });
  const { menu } = deeds;
  const names = paletteWords.actions;
  const page: Route = { screen: 'directory', id, tab };
  return [
    ...copyMenu(app, [{ label: words.directory.copyBaseUrl, what: words.copy.baseUrl, text: baseUrl }]),
    ...linkMenu(app, isSamePage(router.route, page) ? router.route : page),
    'separator',
    { label: manyWords.menu.import, name: names.import, icon: FileUp, onselect: opens('import') },
    { label: manyWords.menu.samples, icon: UserPlus, onselect: opens('samples') },
    {
      label: manyWords.menu.export,
      name: names.export,
      icon: Download,
      onselect: () => dialogs.open({ kind: 'export', id, list: onScreen.resources?.exported ?? null }),
    },
    'separator',
    { label: menu.duplicate, name: names.duplicateDirectory, icon: CopyPlus, onselect: opens('duplicateDirectory') },
    ...(workspace.tree.organizations.length > 1
      ? [{ label: menu.move, name: names.moveDirectory, icon: FolderInput, onselect: opens('moveDirectory') }]
      : []),
    'separator',
    {
      label: menu.reset,
      name: names.resetDirectory,
      icon: RotateCcw,
      isDanger: true,
      onselect: opens('resetDirectory'),
    },
    {
      label: words.common.delete,
      name: names.deleteDirectory,
      icon: Trash2,
      isDanger: true,
      onselect: opens('deleteDirectory'),
    },
  ];
}
