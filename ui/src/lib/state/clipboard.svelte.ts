import type { Platform } from '$lib/platform';

/** How long something counts as just copied. */
const COPIED_MS = 1_500;

/** What is copied other than with its own button; the button beside it shows that it is there. */
export class Clipboard {
  /** What was copied last, for a moment. */
  copied = $state.raw<{ text: string } | null>(null);

  constructor(private readonly platform: Platform) {}

  /** Puts a text on the clipboard. */
  async copy(text: string): Promise<void> {
    await this.platform.copyText(text);
    const copied = { text };
    this.copied = copied;
    setTimeout(() => {
      if (this.copied === copied) this.copied = null;
    }, COPIED_MS);
  }
}
