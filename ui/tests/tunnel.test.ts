import { beforeEach, expect, it } from 'vitest';
import { AppState } from '$lib/state/app.svelte';
import { TunnelForm } from '$lib/state/tunnel.svelte';
import { FakeServer, environment } from './server';

const TRIMMED = 'Removed the path /scim/v2: the app adds it itself.';
let server: FakeServer;
let form: TunnelForm;

beforeEach(() => {
  server = new FakeServer();
  server.answers.set('POST /api/public-url/check', {
    status: 200,
    body: { url: 'https://ada.ngrok.app', trimmed: TRIMMED },
  });
  server.answers.set('PATCH /api/environments/env1', {
    status: 200,
    body: { ...environment, publicUrl: 'https://ada.ngrok.app' },
  });
  form = new TunnelForm(new AppState(server), environment);
});

it('saves the tidied URL and keeps what was trimmed', async () => {
  form.url = ' https://ada.ngrok.app/scim/v2 ';
  expect(await form.save()).toBe(true);
  expect([form.url, form.trimmed, form.saved]).toEqual(['https://ada.ngrok.app', TRIMMED, 'https://ada.ngrok.app']);
  expect(server.asked.find(({ method }) => method === 'PATCH')?.body).toEqual({
    publicUrl: 'https://ada.ngrok.app',
    localOnly: false,
  });
});

it('keeps what was trimmed on leaving the field when saving finds nothing more to trim', async () => {
  form.url = 'https://ada.ngrok.app/scim/v2';
  await form.check();
  server.answers.set('POST /api/public-url/check', {
    status: 200,
    body: { url: 'https://ada.ngrok.app', trimmed: null },
  });
  await form.save();
  expect(form.trimmed).toBe(TRIMMED);
});

it('can be saved while leaving the field is still being checked', async () => {
  form.url = 'https://ada.ngrok.app/scim/v2';
  const leaving = form.check();
  expect(await form.save()).toBe(true);
  await leaving;
  expect(form.saved).toBe('https://ada.ngrok.app');
});

it('says why a URL is refused and saves nothing', async () => {
  const message = 'The tunnel URL must start with https://';
  server.answers.set('POST /api/public-url/check', {
    status: 422,
    body: { code: 'invalid', message, field: 'publicUrl' },
  });
  form.url = 'http://ada.ngrok.app';
  expect(await form.save()).toBe(false);
  expect(form.problem).toBe(message);
  expect(server.asked.some(({ method }) => method === 'PATCH')).toBe(false);

  form.edited();
  expect(form.problem).toBeNull();
});

it('takes the URL away when nothing is typed', async () => {
  server.answers.set('PATCH /api/environments/env1', { status: 200, body: environment });
  form.url = '  ';
  expect(await form.save()).toBe(true);
  expect(form.saved).toBeNull();
  expect(server.asked[0]).toMatchObject({ method: 'PATCH', body: { publicUrl: null } });
});

const offer = (url: string) => ({ agent: 'ngrok', url, upstream: 'http://localhost:7246' });
const detected = (urls: string[]) => ({
  status: 200,
  body: { offers: urls.map(offer), elsewhere: [], text: 'ngrok forwards one to this app.', command: null },
});

it('fills in the best tunnel that is detected, and saves nothing by itself', async () => {
  server.answers.set('POST /api/tunnels/detect', detected(['https://one.ngrok.app', 'https://two.ngrok.app']));
  await form.detect();
  expect(form.url).toBe('https://one.ngrok.app');
  form.use('https://two.ngrok.app');
  expect([form.url, form.detected?.offers.length]).toEqual(['https://two.ngrok.app', 2]);
  expect(server.asked.some(({ method }) => method === 'PATCH')).toBe(false);
  form.edited();
  expect(form.detected).toBeNull();
});

it('leaves what is typed when nothing is detected', async () => {
  server.answers.set('POST /api/tunnels/detect', detected([]));
  form.url = 'https://typed.example.com';
  await form.detect();
  expect([form.url, form.detected?.text]).toEqual(['https://typed.example.com', 'ngrok forwards one to this app.']);
});
