import Archive from '@lucide/svelte/icons/archive';
import Bell from '@lucide/svelte/icons/bell';
import Blocks from '@lucide/svelte/icons/blocks';
import BookOpen from '@lucide/svelte/icons/book-open';
import Copy from '@lucide/svelte/icons/copy';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import HardDrive from '@lucide/svelte/icons/hard-drive';
import Globe from '@lucide/svelte/icons/globe';
import Info from '@lucide/svelte/icons/info';
import KeyRound from '@lucide/svelte/icons/key-round';
import Keyboard from '@lucide/svelte/icons/keyboard';
import ListChecks from '@lucide/svelte/icons/list-checks';
import Pause from '@lucide/svelte/icons/pause';
import Pencil from '@lucide/svelte/icons/pencil';
import Play from '@lucide/svelte/icons/play';
import Plus from '@lucide/svelte/icons/plus';
import ScrollText from '@lucide/svelte/icons/scroll-text';
import Send from '@lucide/svelte/icons/send';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import UserPlus from '@lucide/svelte/icons/user-plus';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import { ApiError } from '$lib/api';
import { isOffered, type Keys } from '$lib/key-names';
import { words } from '$lib/palette-words';
import { themes } from '$lib/themes';
import type { AppState } from './app.svelte';
import type { Dialogs, OpenDialog } from './dialogs.svelte';

/** Something that a person can do from where they are. */
export interface Action {
  id: string;
  label: string;
  /** What it is about: the name of a directory. */
  detail: string;
  icon: Component;
  keys?: Keys;
  run: Run;
}

/**
 * What happens: something that is then seen on screen, or something to say, because nothing else shows that it was done.
 * `moves`: it leads to another place in the page, and the focus goes there.
 */
export type Run = { go: () => void; moves?: true } | { tell: () => Promise<Outcome> };

/** What came of something that is not seen elsewhere. */
export interface Outcome {
  text: string;
  isGood: boolean;
}

/** What can be done now: first with what is on screen, then anywhere. What several menus and buttons do stands there once. */
export function actionsOf(app: AppState): Action[] {
  const all = [...ofDirectory(app), ...offered(app), ...ofTunnel(app), ...ofEnvironments(app), ...ofProgram(app)];
  for (const one of all) if (one.keys !== undefined && !isOffered(one.keys, app.platform.isWindow)) delete one.keys;
  const isSame = (a: Action, b: Action) => a.label === b.label && a.detail === b.detail;
  return all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index);
}

/** What menus and buttons on screen do. */
function offered({ commands }: AppState): Action[] {
  return commands.all.map(({ label, name = label, about, icon = ListChecks, keys, onselect }, number) => ({
    id: `offered ${number}`,
    label: name,
    detail: about,
    icon,
    run: { go: onselect },
    ...(keys === undefined ? {} : { keys }),
  }));
}

const { theme: themeLabels, ...labels } = words.actions;

/** An action that is about nothing in particular. */
function action(id: keyof typeof labels, icon: Component, run: Run, keys?: Keys): Action {
  return { id, label: labels[id], detail: '', icon, run, ...(keys === undefined ? {} : { keys }) };
}

function opens(dialogs: Dialogs, dialog: OpenDialog): Run {
  return { go: () => dialogs.open(dialog) };
}

function ofDirectory({ workspace, router, dialogs, clipboard, onScreen }: AppState): Action[] {
  const directory = workspace.currentDirectory;
  if (directory === null) return [];
  const { id, name, baseUrl, token } = directory;
  const { live } = onScreen;
  const tell = async (): Promise<Outcome> => {
    await clipboard.copy(baseUrl);
    return { text: words.copied, isGood: true };
  };
  const turn = live?.isPaused ? 'resume' : 'pause';
  return [
    action('copyBaseUrl', Copy, { tell }, 'mod+shift+c'),
    action(token === null ? 'generateToken' : 'rotateToken', KeyRound, { go: () => dialogs.askForToken(directory) }),
    action('openGuide', BookOpen, { go: () => router.openDirectory(id, 'guide'), moves: true }),
    action('openSimulator', FlaskConical, { go: () => router.openDirectory(id, 'simulator'), moves: true }),
    action('openApp', Blocks, { go: () => router.openDirectory(id, 'app'), moves: true }),
    ...(live === null ? [] : [action(turn, live.isPaused ? Play : Pause, { go: () => live.togglePause() }, 'space')]),
    ...(['user', 'group'] as const).map((resource) =>
      action(
        resource === 'user' ? 'newUser' : 'newGroup',
        resource === 'user' ? UserPlus : Users,
        opens(dialogs, { kind: 'editResource', id, resource, resourceId: null }),
      ),
    ),
    action('editDirectory', Pencil, opens(dialogs, { kind: 'editDirectory', id })),
    action('sendRequest', Send, opens(dialogs, { kind: 'sendRequest', id, original: null })),
  ].map((known) => ({ ...known, detail: name }));
}

function ofTunnel({ workspace, router, tunnel }: AppState): Action[] {
  const url = workspace.environment?.publicUrl ?? null;
  if (url === null) {
    const run: Run = { go: () => router.go({ screen: 'settings' }), moves: true };
    return [{ ...action('addTunnel', Globe, run), detail: workspace.environment?.name ?? '' }];
  }
  const tell = async (): Promise<Outcome> => {
    const check = await tunnel.ask();
    return { text: check?.title ?? words.notChecked, isGood: check?.outcome === 'works' };
  };
  return [{ ...action('checkTunnel', Globe, { tell }), detail: url }];
}

function ofEnvironments({ workspace, router, dialogs }: AppState): Action[] {
  const current = workspace.environment;
  const newDirectory: OpenDialog = { kind: 'newDirectory', organizationId: workspace.currentOrganizationId };
  const startDemo = async (environmentId: string): Promise<Outcome> => {
    try {
      await workspace.startDemo(environmentId);
      return { text: words.demoStarted, isGood: true };
    } catch (thrown) {
      return { text: ApiError.of(thrown).message, isGood: false };
    }
  };
  return [
    action('newDirectory', Plus, opens(dialogs, newDirectory), 'mod+n'),
    action('newOrganization', Plus, opens(dialogs, { kind: 'newOrganization' })),
    ...(current === null ? [] : [action('demo', FlaskConical, { tell: () => startDemo(current.id) })]),
    action('checkServer', ListChecks, { go: () => router.go({ screen: 'check' }), moves: true }),
    action('openCase', FolderOpen, opens(dialogs, { kind: 'cases' })),
  ];
}

function ofProgram({ client, platform, server, router, dialogs }: AppState): Action[] {
  const { settings } = server;
  const enabled = settings?.notify.enabled !== true;
  const notify = async (): Promise<Outcome> => {
    if (settings !== null) await server.updateSettings({ notify: { ...settings.notify, enabled } });
    return { text: enabled ? words.notificationsOn : words.notificationsOff, isGood: true };
  };
  const backUp = async (): Promise<Outcome> => {
    const { name } = await client.createBackup();
    return { text: words.backedUp(name), isGood: true };
  };
  const checkData = async (): Promise<Outcome> => {
    const { isHealthy } = await client.checkData({ repair: false });
    return { text: isHealthy ? words.dataHealthy : words.dataFaulty, isGood: isHealthy };
  };
  const { openDataFolder: openFolder, openLogFolder: showLogs } = platform;
  const done = (run: () => Promise<void>) => async (): Promise<Outcome> => {
    await run();
    return { text: words.opened, isGood: true };
  };
  return [
    action('settings', SlidersHorizontal, { go: () => router.go({ screen: 'settings' }), moves: true }, 'mod+,'),
    ...themes
      .filter(({ value }) => value !== settings?.theme)
      .map(({ value: theme, icon }): Action => {
        const go = () => void server.updateSettings({ theme });
        return { id: `theme ${theme}`, label: themeLabels[theme], detail: '', icon, run: { go } };
      }),
    ...(settings === null ? [] : [action(enabled ? 'notificationsOn' : 'notificationsOff', Bell, { tell: notify })]),
    action('backUp', Archive, { tell: backUp }),
    action('checkData', HardDrive, { tell: checkData }),
    ...(openFolder === undefined ? [] : [action('openFolder', FolderOpen, { tell: done(openFolder) })]),
    ...(showLogs === undefined ? [] : [action('showLogs', ScrollText, { tell: done(showLogs) })]),
    action('shortcuts', Keyboard, opens(dialogs, { kind: 'shortcuts' }), '?'),
    action('about', Info, opens(dialogs, { kind: 'about' })),
  ];
}
