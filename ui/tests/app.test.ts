import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Event } from '$lib/api';
import type { Answer } from './fake-platform';
import { AppState } from '$lib/state/app.svelte';
import { FakeServer, directory, environment, organization } from './server';

let server: FakeServer;
let app: AppState;

beforeEach(() => {
  localStorage.clear();
  server = new FakeServer();
  app = new AppState(server);
});

describe('starting', () => {
  it('reads everything and opens the first directory', async () => {
    await app.start();
    expect(app.connection.phase).toBe('ready');
    expect(app.workspace.environment?.name).toBe('Local');
    expect(app.router.route).toEqual({ screen: 'directory', id: 'dir1', tab: 'users' });
    expect(app.firstRun.isShown).toBe(false);
  });

  describe('with two environments', () => {
    beforeEach(() => {
      server.tree = {
        ...server.tree,
        environments: [environment, { ...environment, id: 'env2', name: 'Staging' }],
        organizations: [organization, { ...organization, id: 'org2', environmentId: 'env2' }],
        directories: [directory, { ...directory, id: 'dir2', organizationId: 'org2' }],
      };
    });

    it('opens the place that was open last, and its environment', async () => {
      await app.start();
      app.router.openDirectory('dir2', 'requests', '7');
      app.stop();
      history.replaceState(null, '', location.pathname);
      app = new AppState(server);
      await app.start();
      expect(app.router.route).toMatchObject({ id: 'dir2', tab: 'requests', open: '7' });
      expect(app.workspace.environment?.id).toBe('env2');
      expect(app.workspace.organizations.map(({ id }) => id)).toEqual(['org2']);
    });

    it('opens what the address names, and its environment', async () => {
      localStorage.setItem('address', '/settings');
      history.replaceState(null, '', '#/directories/dir2/users/ada?show=active');
      await app.start();
      expect(app.router.route).toEqual({ screen: 'directory', id: 'dir2', tab: 'users', open: 'ada', show: 'active' });
      expect(app.workspace.environment?.id).toBe('env2');
    });

    it('begins at the first directory when what was open last is gone', async () => {
      localStorage.setItem('address', '/directories/gone/users');
      await app.start();
      expect(app.router.route).toMatchObject({ id: 'dir1' });
      expect(location.hash).toBe('#/directories/dir1/users');
    });

    it('shows an environment by what is in it', async () => {
      history.replaceState(null, '', '#/environments/env2');
      await app.start();
      expect(app.router.route).toMatchObject({ id: 'dir2' });
      app.workspace.chooseEnvironment('env1');
      expect(app.router.route).toMatchObject({ id: 'dir1' });
      expect(app.workspace.environment?.id).toBe('env1');
    });

    it.each(['/directories/gone/users', '/organizations/gone', '/environments/gone', '/nothing'])(
      'says that %s leads nowhere, and keeps the address',
      async (address) => {
        history.replaceState(null, '', `#${address}`);
        await app.start();
        expect(app.workspace.isPlaceThere).toBe(false);
        expect(location.hash).toBe(`#${address}`);
        app.router.go({ screen: 'home' });
        expect(app.workspace.isPlaceThere).toBe(true);
        expect(app.router.route).toMatchObject({ id: 'dir1' });
      },
    );

    it('leaves what is deleted while it is looked at', async () => {
      history.replaceState(null, '', '#/directories/dir2/users');
      await app.start();
      server.tree = { ...server.tree, directories: [directory] };
      await app.workspace.read();
      expect(app.router.route).toEqual({ screen: 'organization', id: 'org2' });
    });
  });

  it('without an organization is the first run, which stays open when it makes one', async () => {
    server.tree = { ...server.tree, environments: [environment], organizations: [], directories: [] };
    await app.start();
    expect(app.firstRun.isShown).toBe(true);

    app.firstRun.hold();
    server.tree = {
      ...server.tree,
      environments: [environment],
      organizations: [organization],
      directories: [directory],
    };
    await app.workspace.read();
    expect(app.firstRun.isShown).toBe(true);

    app.router.openDirectory('dir1');
    expect(app.firstRun.isShown).toBe(false);
  });

  it('says why the server could not start, and tries again', async () => {
    server.failure = { status: 503, body: { code: 'startupFailed', message: '/data is in use.', field: null } };
    await app.start();
    expect([app.connection.phase, app.connection.problem]).toEqual(['failed', '/data is in use.']);

    server.failure = null;
    await app.start();
    expect(app.connection.phase).toBe('ready');
    expect(app.router.route.screen).toBe('directory');
  });

  it('says when nothing answers', async () => {
    vi.spyOn(server, 'answer').mockRejectedValue(new Error('Failed to fetch'));
    await app.start();
    const problem = 'SCIM Setup does not answer. If it was closed, start it again; then try again.';
    expect([app.connection.phase, app.connection.problem]).toEqual(['failed', problem]);
  });
});

describe('live events', () => {
  beforeEach(() => app.start());

  it('that come while the tree is read are newer than its answer', async () => {
    let answer: (tree: Answer) => void = () => undefined;
    const stale = server.tree;
    vi.spyOn(server, 'answer').mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    const reading = app.workspace.read();
    server.send([{ type: 'directory', directory: { ...directory, name: 'Okta Preview' } }]);
    answer({ status: 200, body: stale });
    await reading;
    expect(app.workspace.directory('dir1')?.name).toBe('Okta Preview');
  });

  it('that bring a newer tree are not undone by an answer that was asked for before', async () => {
    const [full, empty] = [server.tree, { ...server.tree, organizations: [], directories: [] }];
    const answers: ((answer: Answer) => void)[] = [];
    vi.spyOn(server, 'answer').mockImplementation(() => new Promise((resolve) => answers.push(resolve)));
    const [early, late] = [app.workspace.read(), app.workspace.read()];
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.({ status: 200, body: full });
    await late;
    answers[0]?.({ status: 200, body: empty });
    await early;
    expect(app.workspace.tree).toEqual(full);
  });

  it('that bring a newer tree are not undone while the status is waited for', async () => {
    const [full, empty] = [server.tree, { ...server.tree, organizations: [], directories: [] }];
    const answered = server.answer.bind(server);
    let answer: (status: Answer) => void = () => undefined;
    vi.spyOn(server, 'answer').mockImplementation((method, path) =>
      path === '/api/status' ? new Promise((resolve) => (answer = resolve)) : answered(method, path),
    );
    server.tree = empty;
    server.asked.length = 0;
    const reloading = app.connection.reload();
    await vi.waitFor(() => expect(server.asked.map(({ path }) => path)).toContain('/api/tree'));
    server.tree = full;
    await app.workspace.read();
    answer({ status: 200, body: server.status });
    await reloading;
    expect(app.workspace.tree).toEqual(full);
  });

  it('put a changed directory into the tree before the handlers hear of it', () => {
    const seen: number[] = [];
    app.connection.onEvent(() => seen.push(app.workspace.directory('dir1')?.counts.users ?? -1));
    const changed = { ...directory, counts: { ...directory.counts, users: 3 } };
    server.send([{ type: 'directory', directory: changed }]);
    expect(seen).toEqual([3]);
  });

  it('can be applied twice', () => {
    const event: Event = { type: 'directory', directory: { ...directory, name: 'Renamed' } };
    server.send([event, event]);
    expect(app.workspace.tree.directories.map(({ name }) => name)).toEqual(['Renamed']);
  });

  it('reach a handler until it has enough', () => {
    const handler = vi.fn();
    const stop = app.connection.onEvent(handler);
    server.send([{ type: 'tree' }, { type: 'status' }]);
    stop();
    server.send([{ type: 'tree' }]);
    expect(handler).toHaveBeenCalledTimes(2);
  });

  it('make it read the tree again, and leave a page that is gone', async () => {
    server.tree = { ...server.tree, directories: [] };
    server.send([{ type: 'tree' }]);
    await vi.waitFor(() => expect(app.workspace.tree.directories).toEqual([]));
    expect(app.router.route).toEqual({ screen: 'organization', id: 'org1' });
  });

  it('bring the page about the port to the front when the listener fails', async () => {
    app.router.go({ screen: 'settings' });
    server.status = {
      ...server.status,
      listener: { state: 'failed', port: 7246, message: 'Port 7246 is in use.', suggestedPort: 7248 },
    };
    server.send([{ type: 'status' }]);
    await vi.waitFor(() => expect(app.server.status?.listener.state).toBe('failed'));
    expect(app.server.isPortProblemOpen).toBe(true);
  });

  it('close a dialog about what is gone, and leave one about nothing in particular', async () => {
    app.dialogs.open({ kind: 'editDirectory', id: 'dir1' });
    expect(app.dialogs.current?.kind).toBe('editDirectory');
    server.tree = { ...server.tree, directories: [] };
    await app.workspace.read();
    expect(app.dialogs.current).toBeNull();
    app.dialogs.open({ kind: 'shortcuts' });
    await app.workspace.read();
    expect(app.dialogs.current?.kind).toBe('shortcuts');
  });

  it('forget what was chosen in the simulator of a directory that is gone, with its token', async () => {
    const { simulatorForms } = app;
    const form = simulatorForms.of(directory);
    form.token = 'secret';
    expect(simulatorForms.of(directory)).toBe(form);
    server.tree = { ...server.tree, directories: [] };
    await app.workspace.read();
    expect(simulatorForms.of(directory).token).toBe('');
  });
});
