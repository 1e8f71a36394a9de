import type { Client, Directory, ForwardingCheck, ForwardingRequest, TokenForwarding } from '$lib/api';
import { words } from '$lib/forwarding-words';
import type { Submission } from '$lib/state/submission.svelte';

/** Where a directory forwards to, as a person fills it in. */
export class ForwardingForm {
  isOn = $state(false);
  to = $state('');
  token = $state<TokenForwarding>('passOn');
  secret = $state('');
  /** Whether the person has agreed to send to a server elsewhere, which was asked about this URL. */
  isAgreed = $state(false);
  check = $state.raw<ForwardingCheck | null>(null);
  /** The directory that is changed; `null`: it is a new one. */
  readonly #of: Directory | null;

  constructor(of: Directory | null) {
    this.#of = of;
    const now = of?.forwarding ?? null;
    if (now === null) return;
    this.isOn = true;
    this.to = now.to;
    this.token = now.token;
    // Where it is, it was agreed to.
    this.isAgreed = true;
  }

  /** Whether the token that is put in the place of another is known, so that it need not be entered again. */
  get isSecretKept(): boolean {
    const now = this.#of?.forwarding ?? null;
    // It is for one scheme, host and port.
    return now?.token === 'replace' && !now.isTokenMissing && hasSameOrigin(now.to, this.to.trim());
  }

  get isChanged(): boolean {
    const now = this.#of?.forwarding ?? null;
    return now !== null && (now.to !== this.to.trim() || now.token !== this.token || this.secret !== '');
  }

  /** What to send. */
  get request(): ForwardingRequest {
    const secret = this.token === 'replace' && this.secret !== '' ? { secret: this.secret } : {};
    return { to: this.to.trim(), token: this.token, confirmed: this.isAgreed, ...secret };
  }

  /** Another server is asked about anew. */
  forget(): void {
    this.isAgreed = false;
    this.check = null;
  }

  /** Whether all is there; what is not is said. */
  finish(submission: Submission): boolean {
    if (!this.isOn) return true;
    if (this.to.trim() === '') submission.refuse('to', words.baseUrlMissing);
    else if (this.token === 'replace' && this.secret === '' && !this.isSecretKept)
      submission.refuse('secret', words.secretMissing);
    else return true;
    return false;
  }

  /** Asks the server whether it is there. */
  async test(client: Client, submission: Submission): Promise<void> {
    this.check = null;
    if (!this.finish(submission)) return;
    await submission.run(async () => {
      this.check = await client.checkForwarding(this.request, this.#of?.id);
    });
  }
}

function hasSameOrigin(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}
