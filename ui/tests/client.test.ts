import { expect, it } from 'vitest';
import { ApiError, Client } from '$lib/api';
import { FakeServer } from './server';

it('asks with the query that is set and nothing else', async () => {
  const server = new FakeServer();
  server.answers.set('GET /api/directories/d%2F1/users?search=a%20b&offset=0', {
    status: 200,
    body: { total: 0, items: [] },
  });
  const page = await new Client(server).listUsers('d/1', { search: 'a b', offset: 0 });
  expect(page.total).toBe(0);
});

it('throws what the server refused', async () => {
  const server = new FakeServer();
  const body = { code: 'conflict', message: 'Acme Corp already has a directory with this name.', field: 'name' };
  server.failure = { status: 409, body };
  await expect(new Client(server).createDirectory({ organizationId: 'org1', name: 'Okta' })).rejects.toMatchObject({
    ...body,
    status: 409,
  });
});

it('makes an error of an answer that is not the server’s', () => {
  const error = ApiError.from(502, '<html>Bad gateway</html>');
  expect([error.code, error.status, error.field]).toEqual(['internal', 502, null]);
});
