import {
  ApiError,
  type Client,
  type Event,
  type Guide,
  type GuidePatch,
  type GuideStep,
  type GuideTrackId,
} from '$lib/api';
import { words } from '$lib/guide-words';
import { Throttle } from './throttle';

const REFRESH_MS = 300;
/** So that the server's clock has surely passed the moment it named. */
const LATER_MS = 250;
/** Longer waits do not fit a browser's timer. */
const LONGEST_WAIT_MS = 60 * 60_000;

export function isDone({ state }: Pick<GuideStep, 'state'>): boolean {
  return state.is === 'seen' || state.is === 'byHand';
}

/** Outcomes of steps that `before` had not done and `after` has. */
export function newlyDone(before: Guide | null, after: Guide): string[] {
  if (before?.track !== after.track) return [];
  const done = new Set(before.steps.filter(isDone).map(({ id }) => id));
  return after.steps.filter((step) => isDone(step) && !done.has(step.id)).map(({ outcome }) => outcome);
}

/** How far the setup of one directory has come, kept true while requests arrive and while none does. */
export class SetupGuide {
  guide = $state.raw<Guide | null>(null);
  problem = $state<string | null>(null);
  /** What has just been done, for screen readers. */
  news = $state('');
  /** The step that is open: the current one, until the person opens another. `null`: none. */
  openStep = $state<string | null>(null);
  /** Whether all of them are. */
  areAllOpen = $state(false);
  /** Of those, the ones that the person has closed again. */
  #closed = $state.raw<ReadonlySet<string>>(new Set());

  /** The step that was asked for. */
  #asked: string | null = null;
  /** The guide that is looked at; `null`: the directory's. */
  #shown: GuideTrackId | null = null;

  readonly doneCount = $derived(this.guide?.steps.filter(isDone).length ?? 0);

  #timer: ReturnType<typeof setTimeout> | undefined;
  #changes = 0;
  #isStopped = false;
  readonly #refreshes = new Throttle(() => this.load(), REFRESH_MS);

  constructor(
    private readonly client: Client,
    private readonly directoryId: string,
  ) {}

  load(): Promise<void> {
    return this.#read(() =>
      this.client.readGuide(this.directoryId, this.#shown === null ? {} : { track: this.#shown }),
    );
  }

  /** Looks at the guide of another track, or at the directory's again, and at a step of it; nothing changes by that. */
  show(track: GuideTrackId | null, step: string | null = null): Promise<void> {
    this.#asked = step;
    if (step !== null && this.guide !== null) this.openStep = step;
    if (track === this.#shown) return Promise.resolve();
    this.#shown = track;
    this.#changes += 1;
    return this.load();
  }

  stop(): void {
    this.#isStopped = true;
    this.#refreshes.stop();
    clearTimeout(this.#timer);
  }

  /** Takes in a batch of live events. */
  apply(batch: Event[]): void {
    const concerns = (event: Event): boolean =>
      event.type === 'resync' ||
      // Whose people they were is not told with it; asked is for the first ones alone.
      (event.type === 'apiCall' && this.guide?.readByAppAt === null) ||
      (event.type === 'exchange' && event.exchange.directoryId === this.directoryId) ||
      (event.type === 'directory' && event.directory.id === this.directoryId);
    if (batch.some(concerns)) this.#refreshes.run();
  }

  /** Makes a track the directory's. */
  choose(track: GuideTrackId): Promise<void> {
    return this.#change({ track, steps: {} });
  }

  mark(step: string, isDone: boolean): Promise<void> {
    return this.#change({ steps: { [step]: isDone } });
  }

  isOpen(step: string): boolean {
    return this.areAllOpen ? !this.#closed.has(step) : this.openStep === step;
  }

  /** Opens all steps, or the one alone that was open before. */
  openAll(areOpen: boolean): void {
    this.areAllOpen = areOpen;
    this.#closed = new Set();
  }

  /** Opens a step, or closes it. */
  toggle(step: string): void {
    if (!this.areAllOpen) this.openStep = this.openStep === step ? null : step;
    else
      this.#closed = new Set(
        this.#closed.has(step) ? [...this.#closed].filter((one) => one !== step) : [...this.#closed, step],
      );
  }

  #change(patch: GuidePatch): Promise<void> {
    this.#changes += 1;
    return this.#read(() => this.client.updateGuide(this.directoryId, patch));
  }

  async #read(asking: () => Promise<Guide>): Promise<void> {
    const changes = this.#changes;
    try {
      const guide = await asking();
      // A change of the person's own that was sent meanwhile has the newer answer.
      if (changes === this.#changes) this.#take(guide);
    } catch (thrown) {
      this.problem = ApiError.of(thrown).message;
    }
  }

  #take(guide: Guide): void {
    const before = this.guide;
    const isOtherStep = before?.current !== guide.current || before.track !== guide.track;
    this.guide = guide;
    this.problem = null;
    if (isOtherStep) {
      const isNew = before?.track !== guide.track;
      this.openStep = (isNew ? guide.steps.find(({ id }) => id === this.#asked)?.id : null) ?? guide.current;
    }
    const news = newlyDone(before, guide);
    if (news.length > 0) this.news = news.map((outcome) => words.newlyDone(outcome)).join('. ');
    this.#lookAgain(guide.lookAgainAt);
  }

  #lookAgain(at: string | null): void {
    clearTimeout(this.#timer);
    if (at === null || this.#isStopped) return;
    const wait = Math.max(0, Date.parse(at) - Date.now()) + LATER_MS;
    this.#timer = setTimeout(() => this.#refreshes.run(), Math.min(wait, LONGEST_WAIT_MS));
  }
}
