import { tick } from 'svelte';

/** What of a run is in sight: while it goes on, its newest step is, for who looks at it. */
export class RunScroll {
  box = $state<HTMLElement | null>(null);
  #isFollowing = $state(true);

  onScroll = (): void => {
    const row = this.#now;
    if (row === null || this.box === null) return;
    const { top, bottom } = row.getBoundingClientRect();
    const frame = this.box.getBoundingClientRect();
    this.#isFollowing = bottom > frame.top && top < frame.bottom;
  };

  /** Keeps what is being done in sight, unless the person has scrolled away from it. */
  follow(): void {
    if (this.#isFollowing) void tick().then(() => this.#now?.scrollIntoView({ block: 'nearest' }));
  }

  /** Scrolls this list alone, and no page around it, until what is found is so far down in it; answers with what was found. */
  scrollTo(selector: string, share = 0): HTMLElement | null {
    const row = this.box?.querySelector<HTMLElement>(selector) ?? null;
    if (row === null || this.box === null) return null;
    this.box.scrollTop +=
      row.getBoundingClientRect().top - this.box.getBoundingClientRect().top - this.box.clientHeight * share;
    return row;
  }

  get #now(): Element | null {
    return this.box?.querySelector('[data-state="running"]') ?? null;
  }
}
