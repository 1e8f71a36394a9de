/** How high an element is at most, in CSS pixels: browsers cut off what is higher than 17 to 33 million device pixels. */
export const MAX_HEIGHT = 8_000_000;

/**
 * Where a list stands that may be higher than any element can be.
 *
 * The element that is scrolled is then shorter than the list: short ways are scrolled pixel by pixel, and long ones, as those of the scroll
 * bar's thumb, by their share of the whole. All lengths are in CSS pixels.
 */
export class ScrollScale {
  #top = $state(0);
  /** Where the element is scrolled to. */
  #scrollTop = $state(0);

  constructor(
    private readonly listHeight: () => number,
    private readonly paneHeight: () => number,
  ) {}

  /** What of the list is at the upper edge of the pane. */
  get top(): number {
    return this.#isExact ? this.#scrollTop : this.#within(this.#top);
  }

  /** How high the element is. */
  get height(): number {
    return Math.min(this.listHeight(), MAX_HEIGHT);
  }

  /** How much lower a row stands in the list than in the element. */
  get offset(): number {
    return this.top - this.#scrollTop;
  }

  /** Takes in where the element was scrolled to. */
  scrolled(scrollTop: number): void {
    const way = scrollTop - this.#scrollTop;
    const isShort = Math.abs(way) < this.paneHeight() && scrollTop > 0 && scrollTop < this.#elementWay;
    this.#top = this.#within(isShort ? this.top + way : (scrollTop / this.#elementWay) * this.#listWay);
    this.#scrollTop = scrollTop;
  }

  /** Goes to a place in the list, and returns where the element is to be scrolled to. */
  goTo(top: number): number {
    const to = this.#within(top);
    const near = this.#scrollTop + to - this.top;
    const isShort = Math.abs(to - this.top) < this.paneHeight() && near > 0 && near < this.#elementWay;
    this.#scrollTop = isShort ? near : (to / Math.max(1, this.#listWay)) * this.#elementWay;
    this.#top = to;
    return this.#scrollTop;
  }

  get #isExact(): boolean {
    return this.listHeight() <= MAX_HEIGHT;
  }

  /** How far the element can be scrolled. */
  get #elementWay(): number {
    return Math.max(1, this.height - this.paneHeight());
  }

  /** How far the list can. */
  get #listWay(): number {
    return Math.max(0, this.listHeight() - this.paneHeight());
  }

  #within(top: number): number {
    return Math.min(Math.max(0, top), this.#listWay);
  }
}
