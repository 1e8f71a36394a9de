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

/** An action that is about nothing in particular. */
function action(id: string, label: string, icon: ActionIcon, run: Run, keys?: Keys): Action {
  return { id, label, detail: '', icon, run, ...(keys === undefined ? {} : { keys }) };
}

function opens(app: AppState, dialog: OpenDialog): Run {
  return { go: () => (app.dialog = dialog) };
}

function leads(go: () => void): Run {
  return { go, moves: true };
}

function ofDirectory({ app }: Shared): Action[] {
  const directory = app.currentDirectory;
  if (directory === null) return [];
  const { id, name, baseUrl, token, counts } = directory;
  const { live } = app;
  const { actions } = words;
  const tell = async (): Promise<Outcome> => {
    await app.copy(baseUrl);
    return { text: words.copied, isGood: true };
  };
  return [
    action('copyBaseUrl', actions.copyBaseUrl, 'copy', { tell }, 'mod+shift+c'),
    token === null
      ? action('token', actions.generateToken, 'token', opens(app, { kind: 'token', id }))
      : action('token', actions.rotateToken, 'token', opens(app, { kind: 'rotateToken', id })),
    action(
      'guide',
      actions.openGuide,
      'guide',
      leads(() => app.openDirectory(id, 'guide')),
    ),
    action(
      'simulator',
      actions.openSimulator,
      'simulator',
      leads(() => app.openDirectory(id, 'simulator')),
    ),
    ...(live === null
      ? []
      : live.isPaused()
        ? [action('pause', actions.resume, 'resume', { go: live.toggle }, 'space')]
        : [action('pause', actions.pause, 'pause', { go: live.toggle }, 'space')]),
    action('editDirectory', actions.editDirectory, 'edit', opens(app, { kind: 'editDirectory', id })),
    ...(counts.exchanges === 0
      ? []
      : [
          action(
            'deleteRequests',
            actions.deleteRequests,
            'delete',
            opens(app, { kind: 'deleteRequests', directoryId: id }),
          ),
        ]),
    action('deleteDirectory', actions.deleteDirectory, 'delete', opens(app, { kind: 'deleteDirectory', id })),
  ].map((known) => ({ ...known, detail: name }));
}

function ofTunnel({ app, tunnel }: Shared): Action[] {
  const url = app.environment?.publicUrl ?? null;
  if (url === null) {
    const run = leads(() => app.goTo({ screen: 'settings' }));
    return [{ ...action('addTunnel', words.actions.addTunnel, 'tunnel', run), detail: app.environment?.name ?? '' }];
  }
  const tell = async (): Promise<Outcome> => {
    const check = await tunnel.ask();
    return { text: check?.title ?? words.notChecked, isGood: check?.outcome === 'works' };
  };
  return [{ ...action('checkTunnel', words.actions.checkTunnel, 'tunnel', { tell }), detail: url }];
}

function ofEnvironments({ app }: Shared): Action[] {
  const current = app.environment;
  const { actions } = words;
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
    action('newDirectory', actions.newDirectory, 'add', opens(app, newDirectory), 'mod+n'),
    action('newOrganization', actions.newOrganization, 'add', opens(app, { kind: 'newOrganization' })),
    ...(current === null ? [] : [action('demo', actions.demo, 'simulator', { tell: () => startDemo(current.id) })]),
    action('newEnvironment', actions.newEnvironment, 'add', opens(app, { kind: 'newEnvironment' })),
    ...app.tree.environments
      .filter(({ id }) => id !== current?.id)
      .map(({ id, name }) => {
        const run = leads(() => app.chooseEnvironment(id));
        return action(`environment ${id}`, actions.switchEnvironment(name), 'environment', run);
      }),
  ];
}

function ofProgram({ app }: Shared): Action[] {
  const { settings } = app;
  const { actions } = words;
  const themes: Theme[] = ['system', 'light', 'dark'];
  const enabled = settings?.notify.enabled !== true;
  const notify = async (): Promise<Outcome> => {
    if (settings !== null) await app.updateSettings({ notify: { ...settings.notify, enabled } });
    return { text: enabled ? words.notificationsOn : words.notificationsOff, isGood: true };
  };
  return [
    action(
      'settings',
      actions.settings,
      'settings',
      leads(() => app.goTo({ screen: 'settings' })),
      'mod+,',
    ),
    ...themes
      .filter((theme) => theme !== settings?.theme)
      .map((theme) => {
        const go = () => void app.updateSettings({ theme });
        return action(`theme ${theme}`, actions.theme[theme], theme, { go });
      }),
    ...(settings === null
      ? []
      : [
          action('notifications', enabled ? actions.notificationsOn : actions.notificationsOff, 'notifications', {
            tell: notify,
          }),
        ]),
    action('shortcuts', actions.shortcuts, 'keyboard', opens(app, { kind: 'shortcuts' }), '?'),
    action('about', actions.about, 'about', opens(app, { kind: 'about' })),
  ];
}
