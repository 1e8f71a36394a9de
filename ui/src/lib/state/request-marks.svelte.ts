import { SvelteMap } from 'svelte/reactivity';
import { ApiError, type Client, type Exchange, type ExchangeRow } from '$lib/api';
import { words } from '$lib/request-words';
import type { Announcer } from './announcer.svelte';
import type { Dialogs } from './dialogs.svelte';

/** What a person puts on recorded requests: pins, and notes. What is typed and not saved stays here until it is, whatever else is looked at. */
export class RequestMarks {
  /** By the ids of their requests; `null`: as it is saved. */
  readonly #drafts = new SvelteMap<number, string | null>();
  /** The request that the next one is compared with. */
  compared = $state<number | null>(null);
  readonly #problems = new SvelteMap<number, string>();

  constructor(
    private readonly client: Client,
    private readonly dialogs: Dialogs,
    private readonly announcer: Announcer,
  ) {}

  /** Pins a request, or lets go of it. */
  async setPinned({ id }: ExchangeRow, isPinned: boolean): Promise<void> {
    try {
      await this.client.markExchange(id, { isPinned });
      this.announcer.say(isPinned ? words.pin.done : words.pin.undone);
    } catch (thrown) {
      this.dialogs.tellProblem(thrown);
    }
  }

  /**
   * Marks a request to be compared, or takes the mark away; where another one is marked, answers with that one, and nothing is
   * marked any more.
   */
  compare(id: number): number | null {
    const { compared } = this;
    this.compared = compared === null ? id : null;
    if (compared === null) this.announcer.say(words.compare.markedHint);
    else if (compared === id) this.announcer.say(words.compare.unmarked);
    return compared === id ? null : compared;
  }

  /** Begins to edit the note about a request. */
  edit(id: number): void {
    if (!this.#drafts.has(id)) this.#drafts.set(id, null);
  }

  isEditing(id: number): boolean {
    return this.#drafts.has(id);
  }

  draft({ row, annotation }: Exchange): string {
    return this.#drafts.get(row.id) ?? annotation ?? '';
  }

  /** Why it was not saved. */
  problem(id: number): string | null {
    return this.#problems.get(id) ?? null;
  }

  type(id: number, text: string): void {
    this.#problems.delete(id);
    this.#drafts.set(id, text);
  }

  cancel(id: number): void {
    this.#problems.delete(id);
    this.#drafts.delete(id);
  }

  /** Saves what was typed; the first note also pins its request, so that both stay. */
  async save(exchange: Exchange): Promise<void> {
    const { row, annotation } = exchange;
    const draft = this.#drafts.get(row.id)?.trim();
    if (draft === undefined || draft === (annotation ?? '')) {
      this.cancel(row.id);
      return;
    }
    const pins = annotation === null && !row.isPinned;
    try {
      await this.client.markExchange(row.id, { annotation: draft, ...(pins ? { isPinned: true } : {}) });
      // Typed on meanwhile: that is saved next.
      if (this.#drafts.get(row.id)?.trim() === draft) this.cancel(row.id);
      this.announcer.say(draft === '' ? words.annotation.removed : words.annotation.saved);
    } catch (thrown) {
      this.#problems.set(row.id, ApiError.of(thrown).message);
    }
  }
}
