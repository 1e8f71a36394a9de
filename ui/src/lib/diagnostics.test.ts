import { expect, it } from 'vitest';
import { FakeServer } from '../../tests/server';
import { diagnosticsText } from './diagnostics';

it('has versions, sizes, counts and limits, and nothing that names anybody', () => {
  const server = new FakeServer();
  const status = {
    ...server.status,
    dataFolder: '/home/ada/secret-folder',
    controlUrl: 'http://127.0.0.1:7247',
    recordingProblem: 'The record /home/ada/requests.sqlite3 is damaged.',
    stagedRestore: { backup: 'secret.backup', at: '2026-06-07T12:03:11.000Z' },
  };
  const environments = [
    { ...server.tree.environments[0], id: 'e1', name: 'Secret environment', publicUrl: 'https://secret.ngrok.app' },
  ] as typeof server.tree.environments;
  const tree = { ...server.tree, environments };
  const { settings, storage } = server;
  const text = diagnosticsText({
    status,
    settings,
    tree,
    storage,
    warnings: ['12:03 WARN it was slow'],
    agent: 'Agent/1.0',
    isWindow: false,
  });
  expect(text).toContain('SCIM Setup: 0.1.0 (c21f765)');
  expect(text).toContain('Recent warnings:\n  12:03 WARN it was slow');
  expect(text).toContain('Environments with a public URL: 1 of 1');
  expect(text).toContain('  requests: 12.0 MB');
  expect(text).toContain('Requests kept: 5000 per directory, 256 MB, any age');
  const named = [...tree.organizations, ...tree.directories].map(({ name }) => name);
  for (const secret of [...named, 'ada', 'ecret', '://', '127.0.0.1', '/home', 'sqlite3']) {
    expect(text).not.toContain(secret);
  }
});
