// Runs before the page: makes pictures the same every time. The clock stands still at the moment of the story, and the
// tunnel, which no picture can have for real, is one that works.

const NOW = Date.parse('2026-06-07T12:03:23.400Z');
const TUNNEL = 'https://ada.ngrok.app';
const DATA_FOLDER = '/home/ada/.local/share/scim-setup';

const SystemDate = Date;
window.Date = class extends SystemDate {
  constructor(...given) {
    super(...(given.length === 0 ? [NOW] : given));
  }

  static now() {
    return NOW;
  }
};

const check = (environmentId) => ({
  environmentId,
  url: TUNNEL,
  checkedAt: new SystemDate(NOW - 20_000).toISOString(),
  code: 'works',
  outcome: 'works',
  title: 'The tunnel works',
  text: `${TUNNEL} reached this app in 43 ms.`,
  advice: null,
  command: null,
  roundTripMs: 43,
  steps: [
    { name: 'dns', state: 'passed', seen: 'ada.ngrok.app → 3.125.102.39', durationMs: 4 },
    { name: 'tls', state: 'passed', seen: 'TLS 1.3, certificate accepted', durationMs: 18 },
    { name: 'app', state: 'passed', seen: 'This app answered', durationMs: 43 },
    { name: 'path', state: 'passed', seen: 'The path arrived unchanged', durationMs: null },
  ],
});

const systemFetch = window.fetch;
let environments = [];
window.fetch = async (...given) => {
  const response = await systemFetch(...given);
  const path = new URL(String(given[0]), location.href).pathname;
  if (!/\/(tree|status|tunnel-check)$/.test(path) || !response.ok) return response;
  let body = await response.json();
  if (path.endsWith('/tree')) environments = body.environments;
  const checks = environments.filter(({ publicUrl }) => publicUrl === TUNNEL).map(({ id }) => check(id));
  if (path.endsWith('/status')) body = { ...body, tunnels: checks, dataFolder: DATA_FOLDER };
  if (path.endsWith('/tunnel-check')) body = checks[0] ?? body;
  return new Response(JSON.stringify(body), { status: response.status, headers: response.headers });
};
