import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client, type Event, type Guide, type GuideStep } from '$lib/api';
import { FakePlatform, type Answer } from '../../../tests/fake-platform';
import { SetupGuide, newlyDone } from './guide.svelte';

const NOW = Date.UTC(2026, 5, 7, 12);
const AT = new Date(NOW).toISOString();
const seen: GuideStep['state'] = {
  is: 'seen',
  exchangeId: 1,
  at: AT,
  method: 'GET',
  path: '/Users?startIndex=1&count=2',
};

function step(id: string, state: GuideStep['state']): GuideStep {
  return {
    id,
    title: id,
    outcome: `${id} done`,
    place: [],
    hint: '',
    notArriving: '',
    fields: [],
    expects: null,
    isOptional: false,
    state,
  };
}

function guideOf(states: GuideStep['state'][], rest: Partial<Guide> = {}): Guide {
  const steps = states.map((state, index) => step(`step${index + 1}`, state));
  const current = steps.find(({ state }) => state.is === 'open')?.id ?? null;
  const provider = {
    track: 'okta-aiw' as const,
    isChosen: false,
    isInForce: true,
    provider: 'Okta',
    docs: '',
    seenApp: null,
  };
  return { ...provider, steps, current, causes: [], remarks: [], readByAppAt: null, lookAgainAt: null, ...rest };
}

class FakeGuide extends FakePlatform {
  guide = guideOf([{ is: 'open' }, { is: 'notYet' }]);
  asked: [string, unknown][] = [];
  failure: Answer | null = null;
  #held: (() => void)[] | null = null;

  async answer(method: string, _path: string, body?: unknown): Promise<Answer> {
    this.asked.push([method, body]);
    const answer = this.failure ?? { status: 200, body: this.guide };
    const held = this.#held;
    if (held !== null && method === 'GET') await new Promise<void>((resolve) => held.push(resolve));
    return answer;
  }

  hold(): void {
    this.#held = [];
  }

  release(): void {
    this.#held?.forEach((resolve) => resolve());
    this.#held = null;
  }
}

const arrived = (directoryId: string) => ({ type: 'exchange', exchange: { id: 1, directoryId } }) as Event;

let server: FakeGuide;
let setup: SetupGuide;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  server = new FakeGuide();
  setup = new SetupGuide(new Client(server), 'dir1');
});

afterEach(() => {
  setup.stop();
  vi.useRealTimers();
});

describe('the guide', () => {
  it('opens the current step and counts the others', async () => {
    server.guide = guideOf([seen, { is: 'open' }]);
    await setup.load();
    expect([setup.openStep, setup.doneCount]).toEqual(['step2', 1]);
  });

  it('reads again when a request of its directory arrives, and says what it ticked', async () => {
    await setup.load();
    server.guide = guideOf([seen, { is: 'open' }]);
    setup.apply([arrived('another')]);
    await vi.runOnlyPendingTimersAsync();
    expect(setup.openStep).toBe('step1');

    setup.apply([arrived('dir1')]);
    await vi.runOnlyPendingTimersAsync();
    expect([setup.openStep, setup.news]).toEqual(['step2', 'step1 done: done']);
  });

  it('asks seldom while very many arrive', async () => {
    await setup.load();
    for (let n = 0; n < 100; n += 1) {
      setup.apply([arrived('dir1')]);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(server.asked.length).toBeLessThan(6);
  });

  it('keeps the step that the person opened until the current one changes', async () => {
    await setup.load();
    setup.toggle('step2');
    await setup.load();
    expect(setup.openStep).toBe('step2');
    setup.toggle('step2');
    expect(setup.openStep).toBeNull();
    server.guide = guideOf([seen, { is: 'open' }]);
    await setup.load();
    expect(setup.openStep).toBe('step2');
  });

  it('opens all steps, closes one of them, and then all', async () => {
    await setup.load();
    const open = () => ['step1', 'step2'].map((step) => setup.isOpen(step));
    setup.openAll(true);
    expect(open()).toEqual([true, true]);
    setup.toggle('step2');
    expect(open()).toEqual([true, false]);
    setup.toggle('step2');
    expect(open()).toEqual([true, true]);
    setup.openAll(false);
    expect(open().filter(Boolean)).toHaveLength(1);
  });

  it('looks again when the server says that silence will have causes', async () => {
    server.guide = guideOf([{ is: 'open' }], { lookAgainAt: new Date(NOW + 300_000).toISOString() });
    await setup.load();
    await vi.advanceTimersByTimeAsync(299_000);
    expect(server.asked).toHaveLength(1);
    server.guide = guideOf([{ is: 'open' }]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.asked).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(server.asked).toHaveLength(2);
  });

  it('ticks by hand and chooses a track', async () => {
    await setup.mark('step1', true);
    await setup.choose('entra');
    expect(server.asked).toEqual([
      ['PATCH', { steps: { step1: true } }],
      ['PATCH', { track: 'entra', steps: {} }],
    ]);
  });

  it('does not let an older answer undo what the person did', async () => {
    server.hold();
    const read = setup.load();
    server.guide = guideOf([{ is: 'byHand', at: AT }, { is: 'open' }]);
    await setup.mark('step1', true);
    server.guide = guideOf([{ is: 'open' }, { is: 'notYet' }]);
    server.release();
    await read;
    expect(setup.openStep).toBe('step2');
  });

  it('says why it cannot be read, and keeps what was there', async () => {
    await setup.load();
    server.failure = { status: 500, body: { code: 'internal', message: 'The disk is full.', field: null } };
    await setup.load();
    expect(setup.problem).toBe('The disk is full.');
    expect(setup.guide).not.toBeNull();
    server.failure = null;
    await setup.load();
    expect(setup.problem).toBeNull();
  });
});

describe('tracks', () => {
  it('that were switched have no news', () => {
    const before = guideOf([{ is: 'open' }]);
    expect(newlyDone(before, guideOf([seen]))).toEqual(['step1 done']);
    expect(newlyDone(before, guideOf([seen], { track: 'entra' }))).toEqual([]);
    expect(newlyDone(null, guideOf([seen]))).toEqual([]);
  });
});
