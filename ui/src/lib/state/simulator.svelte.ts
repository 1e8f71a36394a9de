import {
  ApiError,
  type CheckOutcome,
  type Client,
  type Event,
  type NewSimulation,
  type Scenario,
  type Simulation,
  type Simulator as SimulatorInfo,
  type StepReport,
} from '$lib/api';
import type { ReportFormat } from '$lib/api';
import { words } from '$lib/simulator-words';
import type { SimulatorForm, Target } from './simulator-form.svelte';
import { Submission } from './submission.svelte';
import { Throttle } from './throttle';

const REFRESH_MS = 120;

/** Steps that an answer has at the most. */
const PAGE = 500;
const MOST_PEOPLE = 10_000;

/** What the simulator can do for one directory, and its newest run, kept true while it goes on. */
export class Simulator {
  info = $state.raw<SimulatorInfo | null>(null);
  problem = $state<string | null>(null);
  run = $state.raw<Simulation | null>(null);
  steps = $state.raw<StepReport[]>([]);
  outcomes = $state.raw<CheckOutcome[]>([]);
  /** The run that a link named is kept no more. */
  isRunGone = $state(false);
  /** Changes with each run that does not go on with the one before. */
  series = $state(0);
  /** What has just ended, for screen readers. */
  news = $state('');
  readonly submission = new Submission();

  readonly isRunning = $derived(this.run !== null && this.run.state !== 'finished');
  readonly scenario = $derived(this.info?.scenarios.find(({ id }) => id === this.form.scenario) ?? null);
  /** How many are assigned. */
  readonly people = $derived(this.scenario?.takesPeople === true ? Number(this.form.people) : 1);
  readonly checkCount = $derived(
    (this.info?.suites ?? []).reduce(
      (sum, { id, checks }) => sum + (this.form.suites.includes(id) ? checks.length : 0),
      0,
    ),
  );

  readonly #refreshes = new Throttle(() => this.#refresh(), REFRESH_MS);
  #loads = 0;

  constructor(
    private readonly client: Client,
    /** `null`: it belongs to none. */
    private readonly directoryId: string | null,
    readonly form: SimulatorForm,
    /** The run that a link names: the server keeps the newest of each directory. */
    private readonly linkedRun: string | undefined = undefined,
  ) {}

  stop(): void {
    this.#refreshes.stop();
  }

  /** Reads what can be done now, and the newest run. */
  async load(): Promise<void> {
    const load = ++this.#loads;
    try {
      const { provider, target } = this.form;
      const { client, directoryId } = this;
      const info = await (directoryId === null
        ? client.readChecker()
        : client.readSimulator(directoryId, { provider, foreign: target === 'foreign' }));
      if (load !== this.#loads) return;
      this.info = info;
      this.problem = null;
      if (!info.scenarios.some(({ id }) => id === this.form.scenario)) this.form.scenario = 'lifecycle';
      if (this.run !== null) return;
      this.isRunGone = this.linkedRun !== undefined && info.latest?.id !== this.linkedRun;
      if (info.latest !== null) this.#adopt(info.latest);
    } catch (thrown) {
      if (load === this.#loads) this.problem = ApiError.of(thrown).message;
    }
  }

  /** Takes in a batch of live events. */
  apply(batch: Event[]): void {
    for (const event of batch) {
      if (event.type === 'resync') {
        void this.load();
        this.#refreshes.run();
      } else if (event.type === 'simulation' && event.directoryId === this.directoryId) {
        if (event.simulationId !== this.run?.id) this.#wanted = event.simulationId;
        this.#refreshes.run();
      }
    }
  }

  /** Whether the form can be sent; what is missing stands under its field. */
  check(): boolean {
    const { form, submission } = this;
    submission.error = null;
    const people = Number(form.people);
    if (form.mode === 'check' && form.suites.length === 0) submission.refuse('suites', words.suitesMissing);
    else if (form.mode === 'play' && this.scenario?.takesPeople === true && !isCount(people))
      submission.refuse('people', words.peopleRange);
    else if (form.target === 'foreign' && form.baseUrl.trim() === '')
      submission.refuse('baseUrl', words.baseUrlMissing);
    else if (form.target === 'foreign' && form.token.trim() === '') submission.refuse('token', words.tokenMissing);
    return submission.error === null;
  }

  /** Starts what the form says; for another server the person has agreed by now. */
  start(): Promise<boolean> {
    const { form, people } = this;
    return this.#start(
      form.mode === 'play'
        ? { kind: 'scenario', provider: form.provider, scenario: form.scenario, people }
        : { kind: 'checks', suites: form.suites },
    );
  }

  /** Whether one check can run again where the run on screen went: the token for another server may be forgotten by now. */
  get canRunAgain(): boolean {
    return !this.isRunning && this.#targetAgain() !== null;
  }

  /** Runs one check of the run on screen again, where that went; what came of the others stays. */
  async again(outcome: CheckOutcome): Promise<boolean> {
    const target = this.#targetAgain();
    if (target === null) return false;
    this.#isGoingOn = true;
    try {
      return await this.#start({ kind: 'checks', suites: [outcome.check.suite], only: [outcome.check.id] }, target);
    } finally {
      this.#isGoingOn = false;
    }
  }

  #targetAgain(): Target | null {
    const { run, form } = this;
    if (run === null) return null;
    if (run.targetKind !== 'foreign') return { kind: run.targetKind };
    return form.sent?.runId === run.id ? form.sent.target : null;
  }

  /** Plays one scenario here, whatever the form says. */
  play(scenario: Scenario): Promise<boolean> {
    this.form.mode = 'play';
    this.form.target = 'local';
    this.form.scenario = scenario;
    return this.#start({ kind: 'scenario', provider: this.form.provider, scenario, people: 1 });
  }

  /** Removes everything that the simulator made in this directory. */
  cleanUp(): Promise<boolean> {
    return this.#start({ kind: 'cleanUp' }, { kind: 'local' });
  }

  async halt(): Promise<void> {
    const { run } = this;
    if (run === null) return;
    await this.submission.run(async () => {
      const stopped = await this.client.stopSimulation(run.id);
      if (this.run?.id === stopped.id) this.run = stopped;
    });
  }

  readStep = (number: number): Promise<StepReport> => this.client.readSimulationStep(this.run?.id ?? '', number);
  readOutcome = (check: string): Promise<CheckOutcome> => this.client.readSimulationCheck(this.run?.id ?? '', check);
  reportPath = (format: ReportFormat): string => this.client.reportPath(this.run?.id ?? '', format);

  /** What the form says. */
  #target(): Target {
    const { target: kind, baseUrl, token } = this.form;
    return kind === 'foreign' ? { kind, baseUrl: baseUrl.trim(), token: token.trim() } : { kind };
  }

  /** What was refused because the directory forwards to a server elsewhere, and nobody has agreed. */
  #unagreed: Parameters<Client['startSimulation']>[0] | null = null;

  /** Starts what was refused so: the person has agreed by now. */
  agree(): Promise<boolean> {
    const refused = this.#unagreed;
    return refused === null ? Promise.resolve(false) : this.#start(refused.what, refused.target, true);
  }

  /** For another server the person has agreed by now: to this run, or to the one that it goes on with. */
  async #start(what: NewSimulation['what'], target = this.#target(), isAgreed = false): Promise<boolean> {
    const { form, directoryId } = this;
    const confirmed = target.kind === 'foreign' || isAgreed;
    this.#unagreed = { directoryId, what, target };
    return this.submission.run(async () => {
      const run = await this.client.startSimulation({ directoryId, what, target, pace: form.pace, confirmed });
      form.sent = { runId: run.id, target };
      this.#adopt(run);
    });
  }

  /** A run that somebody else started: by its id until it has been read. */
  #wanted: string | null = null;

  /** A check runs again: what came of the others stays in sight. */
  #isGoingOn = false;
  /** Whether the run on screen was seen while it went on. */
  #isFollowed = false;

  #adopt(run: Simulation): void {
    this.#wanted = null;
    if (this.run?.id !== run.id) {
      if (!this.#isGoingOn) {
        this.series += 1;
        this.steps = [];
        this.outcomes = [];
      }
      this.run = run;
      this.#isFollowed = run.state !== 'finished';
    }
    this.#refreshes.run();
  }

  #forget(): void {
    this.run = null;
    this.steps = [];
    this.outcomes = [];
  }

  async #refresh(): Promise<void> {
    const id = this.#wanted ?? this.run?.id;
    if (id === undefined) return;
    try {
      if (id !== this.run?.id) {
        const { simulation } = await this.client.readSimulation(id, Number.MAX_SAFE_INTEGER);
        this.#adopt(simulation);
        // Whoever started it was not here: what it made is counted when it is over, however soon that was.
        this.#isFollowed = true;
      }
      await this.#readOn(id);
      this.problem = null;
    } catch (thrown) {
      const error = ApiError.of(thrown);
      if (error.code !== 'notFound') {
        this.problem = error.message;
        return;
      }
      // A newer run took its place, or the server was started anew: what there is now is shown.
      this.#wanted = null;
      if (id === this.run?.id) this.#forget();
      await this.load();
    }
  }

  /** The number of the last step that is known, or how many checks are. */
  #known(): number {
    return Math.max(this.steps.at(-1)?.number ?? 0, this.outcomes.length);
  }

  async #readOn(id: string): Promise<void> {
    let isMore = true;
    while (isMore) {
      const after = this.#known();
      const page = await this.client.readSimulation(id, after);
      if (this.run?.id !== id) return;
      // Another run was adopted meanwhile: this page is not the next one.
      if (after !== this.#known()) continue;
      this.run = page.simulation;
      const { stepsKeptFrom } = page.simulation;
      const isKept = ({ number, verdict }: StepReport) => number >= stepsKeptFrom || verdict === 'failed';
      if (page.steps.length > 0) this.steps = [...this.steps, ...page.steps].filter(isKept);
      if (page.outcomes.length > 0) this.outcomes = [...this.outcomes, ...page.outcomes];
      isMore = page.steps.length === PAGE || page.outcomes.length === PAGE;
    }
    if (this.run?.state !== 'finished') return;
    // A check that ran again has taken the place of its former outcome.
    if (this.outcomes.length > 0) {
      const page = await this.client.readSimulation(id, 0);
      if (this.run.id === id) this.outcomes = page.outcomes;
    }
    if (!this.#isFollowed) return;
    this.#isFollowed = false;
    this.news = words.finished(this.run.title, this.run.failed);
    await this.load();
  }
}

function isCount(people: number): boolean {
  return Number.isInteger(people) && people >= 1 && people <= MOST_PEOPLE;
}
