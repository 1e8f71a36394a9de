import { ApiError, type CasePreview, type CaseQuery, type Client } from '$lib/api';
import { UNATTRIBUTED } from './feed.svelte';

/** What is to leave: from where in the list somebody asks. */
export interface ExportedRequests {
  /** `null`: the requests that address none. */
  directoryId: string | null;
  /** The request that is open; `null`: none. */
  request: { id: number; title: string } | null;
  /** Those that belong together with it. */
  story: number[];
  /** What the list shows. */
  search: string;
  show: NonNullable<CaseQuery['show']>;
}

export type ExportScope = 'one' | 'story' | 'listed';
export type ExportFormat = 'case' | 'har';

const FILE_NAMES: Record<ExportFormat, string> = { case: 'scim-case.json', har: 'scim-requests.har' };

/** What is chosen in the dialog that exports requests. */
export class ExportForm {
  scope = $state<ExportScope>('listed');
  format = $state<ExportFormat>('case');
  title = $state('');
  anonymize = $state(true);
  /** What would be in the file; `null`: that is being found out. */
  preview = $state.raw<CasePreview | null>(null);
  /** Why that is not known. */
  problem = $state<string | null>(null);
  readonly #directoryId: string;
  #asked = 0;

  /** What is asked for, whatever it is called. */
  readonly query = $derived.by<CaseQuery>(() => {
    const { request, story, search, show } = this.exported;
    const { anonymize } = this;
    if (this.scope === 'listed' || request === null) return { search, show, anonymize };
    const ids = this.scope === 'story' ? story : [request.id];
    return { ids: ids.join(), anonymize };
  });

  constructor(
    private readonly client: Client,
    private readonly exported: ExportedRequests,
  ) {
    this.#directoryId = exported.directoryId ?? UNATTRIBUTED;
    if (exported.request !== null) this.scope = exported.story.length > 1 ? 'story' : 'one';
  }

  get fileName(): string {
    return FILE_NAMES[this.format];
  }

  /** Where the file is to be had. */
  get path(): string {
    if (this.format === 'har') return this.client.archivePath(this.#directoryId, this.query);
    return this.client.casePath(this.#directoryId, { ...this.query, title: this.title });
  }

  /** Finds out what would be in the file. */
  async look(query: CaseQuery): Promise<void> {
    const asked = ++this.#asked;
    this.preview = null;
    this.problem = null;
    try {
      const preview = await this.client.previewCase(this.#directoryId, query);
      if (asked === this.#asked) this.preview = preview;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = ApiError.of(thrown).message;
    }
  }
}
