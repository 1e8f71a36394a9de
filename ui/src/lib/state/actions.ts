import { ApiError, type Theme } from '$lib/api';
import type { Keys } from '$lib/key-names';
import { words } from '$lib/palette-words';
import type { Shared } from './context';

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

/** What happens: something that is then seen on screen, or something to say, because nothing else shows that it was done. */
/** `moves`: it leads to another place in the page, and the focus goes there. */
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

function ofDirectory({ app }: Shared): Action[] {
  const directory = app.currentDirectory;
  if (directory === null) return [];
  const { id, name, baseUrl, token, counts } = directory;
  const { live } = app;
  return [
    {
      id: 'copyBaseUrl',
      label: words.actions.copyBaseUrl,
      detail: name,
      icon: 'copy',
      keys: 'mod+shift+c',
      run: {
        tell: async () => {
          await app.copy(baseUrl);
          return { text: words.copied, isGood: true };
        },
      },
    },
    {
      id: 'token',
      label: token === null ? words.actions.generateToken : words.actions.rotateToken,
      detail: name,
      icon: 'token',
      run: { go: () => (app.dialog = { kind: token === null ? 'token' : 'rotateToken', id }) },
    },
    {
      id: 'guide',
      label: words.actions.openGuide,
      detail: name,
      icon: 'guide',
      run: { go: () => app.openDirectory(id, 'guide'), moves: true },
    },
    {
      id: 'simulator',
      label: words.actions.openSimulator,
      detail: name,
      icon: 'simulator',
      run: { go: () => app.openDirectory(id, 'simulator'), moves: true },
    },
    ...(live === null
      ? []
      : [
          {
            id: 'pause',
            label: live.isPaused() ? words.actions.resume : words.actions.pause,
            detail: name,
            icon: live.isPaused() ? ('resume' as const) : ('pause' as const),
            keys: 'space',
            run: { go: live.toggle },
          },
        ]),
    {
      id: 'editDirectory',
      label: words.actions.editDirectory,
      detail: name,
      icon: 'edit',
      run: { go: () => (app.dialog = { kind: 'editDirectory', id }) },
    },
    ...(counts.exchanges === 0
      ? []
      : [
          {
            id: 'deleteRequests',
            label: words.actions.deleteRequests,
            detail: name,
            icon: 'delete' as const,
            run: { go: () => (app.dialog = { kind: 'deleteRequests', directoryId: id }) },
          },
        ]),
    {
      id: 'deleteDirectory',
      label: words.actions.deleteDirectory,
      detail: name,
      icon: 'delete',
      run: { go: () => (app.dialog = { kind: 'deleteDirectory', id }) },
    },
  ];
}

function ofTunnel({ app, tunnel }: Shared): Action[] {
  const url = app.environment?.publicUrl ?? null;
  if (url === null) {
    return [
      {
        id: 'addTunnel',
        label: words.actions.addTunnel,
        detail: app.environment?.name ?? '',
        icon: 'tunnel',
        run: { go: () => app.goTo({ screen: 'settings' }), moves: true },
      },
    ];
  }
  return [
    {
      id: 'checkTunnel',
      label: words.actions.checkTunnel,
      detail: url,
      icon: 'tunnel',
      run: {
        tell: async () => {
          const check = await tunnel.ask();
          return { text: check?.title ?? words.notChecked, isGood: check?.outcome === 'works' };
        },
      },
    },
  ];
}

function ofEnvironments({ app }: Shared): Action[] {
  const current = app.environment;
  const others = app.tree.environments.filter(({ id }) => id !== app.environment?.id);
  return [
    {
      id: 'newDirectory',
      label: words.actions.newDirectory,
      detail: '',
      icon: 'add',
      keys: 'mod+n',
      run: { go: () => (app.dialog = { kind: 'newDirectory', organizationId: app.currentOrganizationId }) },
    },
    {
      id: 'newOrganization',
      label: words.actions.newOrganization,
      detail: '',
      icon: 'add',
      run: { go: () => (app.dialog = { kind: 'newOrganization' }) },
    },
    ...(current === null
      ? []
      : [
          {
            id: 'demo',
            label: words.actions.demo,
            detail: '',
            icon: 'simulator' as const,
            run: {
              tell: async () => {
                try {
                  await app.startDemo(current.id);
                  return { text: words.demoStarted, isGood: true };
                } catch (thrown) {
                  return { text: ApiError.of(thrown).message, isGood: false };
                }
              },
            },
          },
        ]),
    {
      id: 'newEnvironment',
      label: words.actions.newEnvironment,
      detail: '',
      icon: 'add',
      run: { go: () => (app.dialog = { kind: 'newEnvironment' }) },
    },
    ...others.map(({ id, name }): Action => ({
      id: `environment ${id}`,
      label: words.actions.switchEnvironment(name),
      detail: '',
      icon: 'environment',
      run: { go: () => app.chooseEnvironment(id), moves: true },
    })),
  ];
}

function ofProgram({ app }: Shared): Action[] {
  const { settings } = app;
  const themes: Theme[] = ['system', 'light', 'dark'];
  return [
    {
      id: 'settings',
      label: words.actions.settings,
      detail: '',
      icon: 'settings',
      keys: 'mod+,',
      run: { go: () => app.goTo({ screen: 'settings' }), moves: true },
    },
    ...themes
      .filter((theme) => theme !== settings?.theme)
      .map((theme): Action => ({
        id: `theme ${theme}`,
        label: words.actions.theme[theme],
        detail: '',
        icon: theme,
        run: { go: () => void app.updateSettings({ theme }) },
      })),
    ...(settings === null
      ? []
      : [
          {
            id: 'notifications',
            label: settings.notify.enabled ? words.actions.notificationsOff : words.actions.notificationsOn,
            detail: '',
            icon: 'notifications' as const,
            run: {
              tell: async () => {
                const notify = { ...settings.notify, enabled: !settings.notify.enabled };
                await app.updateSettings({ notify });
                return { text: notify.enabled ? words.notificationsOn : words.notificationsOff, isGood: true };
              },
            },
          },
        ]),
    {
      id: 'shortcuts',
      label: words.actions.shortcuts,
      detail: '',
      icon: 'keyboard',
      keys: '?',
      run: { go: () => (app.dialog = { kind: 'shortcuts' }) },
    },
    {
      id: 'about',
      label: words.actions.about,
      detail: '',
      icon: 'about',
      run: { go: () => (app.dialog = { kind: 'about' }) },
    },
  ];
}
