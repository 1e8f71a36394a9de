/** So long after its last move the pointer counts as resting: then rows may move under it again. */
export const REST_MS = 800;

/**
 * Whether the person is reading a list right now: scrolled away from its top, or moving the pointer over its rows. Nothing
 * is reordered under a moving pointer, but a pointer that happens to rest there holds nothing up.
 */
export class Attention {
  #isAtTop = true;
  #isMoving = false;
  #place: { x: number; y: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onchange: (isReading: boolean) => void) {}

  scrolled(isAtTop: boolean): void {
    this.#isAtTop = isAtTop;
    this.#tell();
  }

  /** Engines also report moves of the page under a resting pointer; only another place is a move. */
  pointerAt(x: number, y: number): void {
    const hasMoved = this.#place !== null && (this.#place.x !== x || this.#place.y !== y);
    this.#place = { x, y };
    if (!hasMoved) return;
    this.#isMoving = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.pointerLeft(), REST_MS);
    this.#tell();
  }

  pointerLeft(): void {
    clearTimeout(this.#timer);
    this.#isMoving = false;
    this.#tell();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.onchange(this.#isMoving || !this.#isAtTop);
  }
}
