import type { CheckOutcome, Simulation, Simulator, StepReport } from '$lib/api';

// Runs of the simulator, for tests.

export const info: Simulator = {
  providers: [
    { id: 'okta-aiw', name: 'Okta', kind: 'custom app (AIW)' },
    { id: 'google', name: 'Google Workspace', kind: '' },
  ],
  scenarios: [
    scenario('lifecycle', 'Full lifecycle', 'story'),
    scenario('assign-user', 'Assign user', 'story'),
    scenario('rename', 'Rename', 'event'),
    scenario('wrong-token', 'Wrong token', 'mistake'),
  ],
  suites: [
    { id: 'okta', title: 'Okta', checks: [check('okta-one').check, check('okta-two').check] },
    { id: 'rfc', title: 'RFC 7643 and 7644', checks: [] },
  ],
  sources: [{ key: 'LabA', title: 'A request log' }],
  latest: null,
  usersMade: 0,
  groupsMade: 0,
};

function scenario(
  id: 'lifecycle' | 'assign-user' | 'rename' | 'wrong-token',
  title: string,
  kind: 'story' | 'event' | 'mistake',
) {
  return { id, title, summary: `${title}.`, kind, steps: 3, takesPeople: kind === 'story' };
}

export function simulation(rest: Partial<Simulation> = {}): Simulation {
  return {
    id: 'run1',
    directoryId: 'dir1',
    what: { kind: 'scenario', provider: 'okta-aiw', scenario: 'lifecycle', people: 1 },
    title: 'Full lifecycle as Okta',
    targetKind: 'local',
    targetUrl: 'http://127.0.0.1:7246/scim/v2/dir1',
    state: 'running',
    startedAt: '2026-06-07T12:00:00.000Z',
    total: 3,
    passed: 0,
    warnings: 0,
    failed: 0,
    skipped: 0,
    silent: 0,
    stepsDropped: 0,
    stepsKeptFrom: 1,
    durationMs: 1_800,
    current: null,
    waiting: null,
    upcoming: [],
    stopped: null,
    usersLeft: [],
    groupsLeft: [],
    score: null,
    suites: [],
    ...rest,
  };
}

export function step(number: number, rest: Partial<StepReport> = {}): StepReport {
  return {
    number,
    title: `Step ${number}`,
    role: 'provider',
    evidence: { mark: 'observed', from: 'LabA §1' },
    method: 'GET',
    target: '/Users',
    verdict: 'passed',
    status: 200,
    durationMs: 12,
    attempts: 1,
    waitedSeconds: 0,
    findings: [],
    admin: null,
    note: null,
    exchange: null,
    ...rest,
  };
}

export function check(id: string, rest: Partial<CheckOutcome> = {}): CheckOutcome {
  return {
    check: {
      id,
      suite: 'okta',
      title: `Check ${id}`,
      rule: 'The rule.',
      section: 'RFC 7644 §3.4.2',
      fix: 'The fix.',
      level: 'must',
    },
    verdict: 'passed',
    findings: [],
    cause: null,
    skipped: null,
    exchanges: [],
    durationMs: 7,
    ...rest,
  };
}
