import type { Batch, Client, ImportPreview, NewImport } from '$lib/api';
import { words as allWords } from '$lib/batch-words';
import { decodeText } from '$lib/text-file';
import { Submission } from './submission.svelte';

const { import: words } = allWords;

/** Bytes; the server takes a little more. */
const MOST_BYTES = 30_000_000;

/** What a preview says something about. */
type Question = Required<Pick<NewImport, 'text' | 'existing'>>;

/** A file or a text with people and groups, and what an import of it would do. */
export class ImportForm {
  text = $state('');
  existing = $state<Question['existing']>('skip');
  stopOnError = $state(false);
  readonly submission = new Submission();
  #chosen: File | null = null;
  /** Whether a preview is wanted. */
  #isAsked = false;
  #answered = $state.raw<{ question: Question; preview: ImportPreview } | null>(null);

  /** The preview that is shown; `null`: the file is not looked at yet. */
  readonly preview = $derived(this.#answered?.preview ?? null);
  readonly importable = $derived(this.preview === null ? 0 : this.preview.counts.create + this.preview.counts.update);
  readonly #isHeldUp = $derived(this.stopOnError && (this.preview?.counts.refuse ?? 0) > 0);
  readonly canSubmit = $derived(
    this.preview === null ? this.text.trim() !== '' : this.importable > 0 && !this.#isHeldUp,
  );

  constructor(
    private readonly client: Client,
    private readonly directoryId: string,
  ) {}

  async read(file: File): Promise<void> {
    this.#forget();
    this.#chosen = file;
    if (file.size > MOST_BYTES) return this.submission.refuse('file', words.tooLarge);
    try {
      const decoded = decodeText(new Uint8Array(await file.arrayBuffer()));
      // Another one was chosen meanwhile.
      if (this.#chosen !== file) return;
      if (decoded === null) return this.submission.refuse('file', words.notUtf8);
      this.text = decoded;
    } catch (thrown) {
      return this.submission.refuse('file', words.unreadable(String(thrown)));
    }
    await this.#look();
  }

  /** Says what happens with who is there already. */
  async choose(existing: Question['existing']): Promise<void> {
    this.existing = existing;
    await this.#look();
  }

  /** Imports what the preview is about; without one, that comes first, and there is nothing to follow: `null`. */
  async submit(): Promise<Batch | null> {
    const question = this.#answered?.question;
    if (question === undefined || !this.#isCurrent(question)) {
      await this.#look();
      return null;
    }
    let batch: Batch | null = null;
    await this.submission.run(async () => {
      batch = await this.client.startImport(this.directoryId, { ...question, stopOnError: this.stopOnError });
    });
    return batch;
  }

  /** What was pasted can be corrected; what came from a file is chosen anew. */
  goBack(): void {
    this.#forget();
    if (this.#chosen !== null) this.text = '';
    this.#chosen = null;
  }

  /** Asks until the answer is about what is wanted by then. */
  async #look(): Promise<void> {
    this.#isAsked = true;
    await this.submission.run(async () => {
      let question: Question;
      do {
        question = { text: this.text, existing: this.existing };
        try {
          const preview = await this.client.previewImport(this.directoryId, { ...question, stopOnError: false });
          if (this.#isCurrent(question)) this.#answered = { question, preview };
        } catch (thrown) {
          if (!this.#isCurrent(question)) continue;
          this.#answered = null;
          throw thrown;
        }
      } while (this.#isAsked && !this.#isCurrent(question));
    });
  }

  #isCurrent({ text, existing }: Question): boolean {
    return this.#isAsked && text === this.text && existing === this.existing;
  }

  #forget(): void {
    this.#isAsked = false;
    this.#answered = null;
  }
}
