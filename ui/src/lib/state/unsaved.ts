/** The forms on screen that hold what is not saved yet. */
export class Unsaved {
  readonly #forms = new Set<() => boolean>();

  /** Asks `isDirty` whenever somebody wants to leave, until the returned function is called. */
  register(isDirty: () => boolean): () => void {
    this.#forms.add(isDirty);
    return () => this.#forms.delete(isDirty);
  }

  get isAny(): boolean {
    return [...this.#forms].some((isDirty) => isDirty());
  }
}
