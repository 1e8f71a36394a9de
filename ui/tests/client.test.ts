import { expect, it, vi } from 'vitest';
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

it('makes an error of an answer that is not the server’s', async () => {
  const server = new FakeServer();
  const failure = async (status: number) => {
    vi.spyOn(server, 'request').mockResolvedValue(new Response('<html>A proxy</html>', { status }));
    const error = await new Client(server).readTree().catch(ApiError.of);
    return error instanceof ApiError ? [error.code, error.status, error.message] : [];
  };
  expect(await failure(502)).toEqual(['internal', 502, 'The server answered 502 without a reason.']);
  expect(await failure(200)).toEqual(['internal', 0, 'Something other than SCIM Setup answered.']);
});

it('sends the body as it is, and reads an answer without one', async () => {
  const server = new FakeServer();
  server.answers.set('DELETE /api/organizations/org1', { status: 204, body: null });
  await new Client(server).deleteOrganization('org1', 'Zoë & “Söhne”');
  expect(server.asked).toEqual([
    { method: 'DELETE', path: '/api/organizations/org1', body: { name: 'Zoë & “Söhne”' } },
  ]);
});
