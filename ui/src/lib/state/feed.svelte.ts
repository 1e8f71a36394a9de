import type { Change, Client, Event, ExchangeRow, Sentence } from '$lib/api';
import { words } from '$lib/directory-words';

/** What the API calls the requests that address no directory. */
export const UNATTRIBUTED = 'unattributed';

/** The line is also read aloud: more often nobody can follow. */
export const FEED_MS = 2_000;
/** What is told of at once at the most: a hidden page is woken rarely. */
const MOST_TOLD = 2_000;

/** What happened last, or what several requests did together. */
export interface FeedLine {
  at: string;
  sentence: Sentence;
  /** The request it tells of; `null` when it tells of several. */
  exchange: ExchangeRow | null;
  /** Whether it was refused. */
  isError: boolean;
}

/** The line under the lists: what happened last in a directory, at most one message every two seconds. */
export class Feed {
  line = $state.raw<FeedLine | null>(null);

  #exchanges: ExchangeRow[] = [];
  #changes: Change[] = [];
  #lastId = 0;
  #lastSeq = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: Client,
    private readonly directoryId: string | null,
  ) {}

  /** Starts with the newest request that was recorded. */
  async load(): Promise<void> {
    try {
      const { items } = await this.client.listExchanges(this.directoryId ?? UNATTRIBUTED, { limit: 1 });
      const [newest] = items;
      if (newest !== undefined && this.line === null) this.line = lineOf(newest);
    } catch {
      // The list above says that the server does not answer; this line waits for the next request.
      this.line = null;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  apply(batch: Event[]): void {
    for (const event of batch) {
      if (event.type === 'change') this.#takeInChange(event.change);
      else if (event.type === 'exchange') this.#takeInExchange(event.exchange);
    }
    if (this.#exchanges.length > 0 && this.#timer === undefined) this.#publish();
  }

  #takeInChange(change: Change): void {
    if (change.directoryId !== this.directoryId || change.seq <= this.#lastSeq) return;
    this.#lastSeq = change.seq;
    this.#changes.push(change);
    if (this.#changes.length > 2 * MOST_TOLD) this.#changes = this.#changes.slice(-MOST_TOLD);
  }

  #takeInExchange(exchange: ExchangeRow): void {
    if (exchange.directoryId !== this.directoryId || exchange.id <= this.#lastId) return;
    this.#lastId = exchange.id;
    this.#exchanges.push(exchange);
    if (this.#exchanges.length > 2 * MOST_TOLD) this.#exchanges = this.#exchanges.slice(-MOST_TOLD);
  }

  #publish(): void {
    this.line = tell(this.#exchanges, this.#changes);
    this.#exchanges = [];
    this.#changes = [];
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#exchanges.length > 0) this.#publish();
    }, FEED_MS);
  }
}

/** A refusal before anything else, several equal changes as one sentence, a write before a read. */
function tell(exchanges: ExchangeRow[], changes: Change[]): FeedLine | null {
  const newest = exchanges.at(-1);
  const refused = exchanges.filter(({ status }) => status >= 400).at(-1);
  if (refused !== undefined) return lineOf(refused);
  const together = newest === undefined ? null : tellTogether(changes, newest.at);
  const told = exchanges.filter(({ method }) => method !== 'GET').at(-1) ?? newest;
  return together ?? (told === undefined ? null : lineOf(told));
}

function tellTogether(changes: Change[], at: string): FeedLine | null {
  const kinds = new Map<string, Change[]>();
  for (const change of changes) {
    const key = `${change.actor.name} ${change.resourceKind} ${change.kind}`;
    kinds.set(key, [...(kinds.get(key) ?? []), change]);
  }
  const largest = [...kinds.values()].reduce<Change[]>(
    (most, equal) => (equal.length > most.length ? equal : most),
    [],
  );
  const [first] = largest;
  const things = new Set(largest.map(({ resourceId }) => resourceId)).size;
  if (first === undefined || things < 2) return null;
  const text = words.feed.together(first, things);
  return { at, sentence: { text, subject: null, outcome: null }, exchange: null, isError: false };
}

function lineOf(exchange: ExchangeRow): FeedLine {
  return { at: exchange.at, sentence: exchange.summary, exchange, isError: exchange.status >= 400 };
}
