import { ApiError, type Theme } from '$lib/api';
import type { Keys } from '$lib/key-names';
import { words } from '$lib/palette-words';
import type { AppState } from './app.svelte';
import type { Shared } from './context';
import type { OpenDialog } from './route';

/** Pictures that actions have; the palette draws them. */
export type ActionIcon =
  | 'add'
  | 'about'
  | 'copy'
  | 'dark'
  | 'delete'
  | 'edit'
  | 'environment'
  | 'guide'
  | 'keyboard'
  | 'light'
  | 'notifications'
  | 'pause'
  | 'resume'
  | 'settings'
  | 'simulator'
  | 'system'
  | 'token'
  | 'tunnel';

/** Something that a person can do from where they are. */
export interface Action {
  id: string;
  label: string;
  /** What it is about: the name of a directory. */
  detail: string;
  icon: ActionIcon;
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

/** What can be done now: first with what is on screen, then anywhere. */
export function actionsOf(shared: Shared): Action[] {
  return [...ofDirectory(shared), ...ofTunnel(shared), ...ofEnvironments(shared), ...ofProgram(shared)];
}

const { theme: themes, switchEnvironment, ...labels } = words.actions;

/** An action that is about nothing in particular. */
function action(id: keyof typeof labels, icon: ActionIcon, run: Run, keys?: Keys): Action {
  return { id, label: labels[id], detail: '', icon, run, ...(keys === undefined ? {} : { keys }) };
}

function opens(app: AppState, dialog: OpenDialog): Run {
  return { go: () => (app.dialog = dialog) };
}

function ofDirectory({ app }: Shared): Action[] {
  const directory = app.currentDirectory;
  if (directory === null) return [];
  const { id, name, baseUrl, token, counts } = directory;
  const { live } = app;
  const tell = async (): Promise<Outcome> => {
    await app.copy(baseUrl);
    return { text: words.copied, isGood: true };
  };
  const turn = live?.isPaused ? 'resume' : 'pause';
  return [
    action('copyBaseUrl', 'copy', { tell }, 'mod+shift+c'),
    action(token === null ? 'generateToken' : 'rotateToken', 'token', { go: () => app.askForToken(directory) }),
    action('openGuide', 'guide', { go: () => app.openDirectory(id, 'guide'), moves: true }),
    action('openSimulator', 'simulator', { go: () => app.openDirectory(id, 'simulator'), moves: true }),
    ...(live === null ? [] : [action(turn, turn, { go: () => live.togglePause() }, 'space')]),
    action('editDirectory', 'edit', opens(app, { kind: 'editDirectory', id })),
    ...(counts.exchanges === 0
      ? []
      : [action('deleteRequests', 'delete', opens(app, { kind: 'deleteRequests', directoryId: id }))]),
    action('deleteDirectory', 'delete', opens(app, { kind: 'deleteDirectory', id })),
  ].map((known) => ({ ...known, detail: name }));
}

function ofTunnel({ app, tunnel }: Shared): Action[] {
  const url = app.environment?.publicUrl ?? null;
  if (url === null) {
    const run: Run = { go: () => app.goTo({ screen: 'settings' }), moves: true };
    return [{ ...action('addTunnel', 'tunnel', run), detail: app.environment?.name ?? '' }];
  }
  const tell = async (): Promise<Outcome> => {
    const check = await tunnel.ask();
    return { text: check?.title ?? words.notChecked, isGood: check?.outcome === 'works' };
  };
  return [{ ...action('checkTunnel', 'tunnel', { tell }), detail: url }];
}

function ofEnvironments({ app }: Shared): Action[] {
  const current = app.environment;
  const newDirectory: OpenDialog = { kind: 'newDirectory', organizationId: app.currentOrganizationId };
  const startDemo = async (environmentId: string): Promise<Outcome> => {
    try {
      await app.startDemo(environmentId);
      return { text: words.demoStarted, isGood: true };
    } catch (thrown) {
      return { text: ApiError.of(thrown).message, isGood: false };
    }
  };
  return [
    action('newDirectory', 'add', opens(app, newDirectory), 'mod+n'),
    action('newOrganization', 'add', opens(app, { kind: 'newOrganization' })),
    ...(current === null ? [] : [action('demo', 'simulator', { tell: () => startDemo(current.id) })]),
    action('newEnvironment', 'add', opens(app, { kind: 'newEnvironment' })),
    ...app.tree.environments
      .filter(({ id }) => id !== current?.id)
      .map(({ id, name }): Action => ({
        id: `environment ${id}`,
        label: switchEnvironment(name),
        detail: '',
        icon: 'environment',
        run: { go: () => app.chooseEnvironment(id), moves: true },
      })),
  ];
}

function ofProgram({ app }: Shared): Action[] {
  const { settings } = app;
  const enabled = settings?.notify.enabled !== true;
  const notify = async (): Promise<Outcome> => {
    if (settings !== null) await app.updateSettings({ notify: { ...settings.notify, enabled } });
    return { text: enabled ? words.notificationsOn : words.notificationsOff, isGood: true };
  };
  return [
    action('settings', 'settings', { go: () => app.goTo({ screen: 'settings' }), moves: true }, 'mod+,'),
    ...(['system', 'light', 'dark'] satisfies Theme[])
      .filter((theme) => theme !== settings?.theme)
      .map((theme): Action => {
        const go = () => void app.updateSettings({ theme });
        return { id: `theme ${theme}`, label: themes[theme], detail: '', icon: theme, run: { go } };
      }),
    ...(settings === null
      ? []
      : [action(enabled ? 'notificationsOn' : 'notificationsOff', 'notifications', { tell: notify })]),
    action('shortcuts', 'keyboard', opens(app, { kind: 'shortcuts' }), '?'),
    action('about', 'about', opens(app, { kind: 'about' })),
  ];
}
