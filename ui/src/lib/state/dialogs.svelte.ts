import {
  ApiError,
  type ApiKey,
  type DemoContents,
  type Directory,
  type Exchange,
  type ExportQuery,
  type ResourceKind,
  type Selection,
  type Webhook,
} from '$lib/api';
import type { ExportedRequests } from './export-form.svelte';
import type { Workspace } from './workspace.svelte';

/** Rows of a list as an export asks for them. */
interface ExportedRows {
  count: number;
  query: ExportQuery;
}

/** What can be exported of the list on screen. */
export interface ExportedList {
  what: 'users' | 'groups';
  /** How it is sorted. */
  order: ExportQuery;
  /** What it shows; `null`: all there are. */
  found: ExportedRows | null;
  /** What is selected in it; `null`: nothing. */
  selected: ExportedRows | null;
}

/** Users or groups that are selected, and how many the person has been told that they are. */
export interface SelectedResources {
  /** Of the directory. */ id: string;
  resource: ResourceKind;
  count: number;
  selection: Selection;
}

/** The dialog that is open; one at a time. */
export type OpenDialog =
  | { kind: 'deleteBackup' | 'deleteSetAside'; name: string }
  | { kind: 'restoreBackup'; name: string; at: string }
  | {
      kind:
        | 'newEnvironment'
        | 'newOrganization'
        | 'choosePort'
        | 'clearRequests'
        | 'palette'
        | 'shortcuts'
        | 'about'
        | 'cases';
    }
  | { kind: 'exportRequests'; exported: ExportedRequests }
  | { kind: 'newApiKey' | 'deleteApiCalls'; environmentId: string }
  | { kind: 'revokeApiKey'; apiKey: ApiKey }
  | { kind: 'newWebhook'; environmentId: string }
  | { kind: 'editWebhook' | 'rotateWebhookSecret' | 'deleteWebhook'; webhook: Webhook }
  | { kind: 'editEnvironment' | 'deleteEnvironment' | 'editOrganization' | 'deleteOrganization'; id: string }
  | { kind: 'editDirectory' | 'deleteDirectory' | 'token' | 'rotateToken'; id: string }
  | { kind: 'duplicateDirectory' | 'moveDirectory' | 'resetDirectory'; id: string }
  | { kind: 'removeDemo'; id: string; contents: DemoContents }
  | { kind: 'newDirectory'; organizationId: string | null }
  | {
      kind: 'deleteRequests';
      /** `null`: of those that address none. */ directoryId: string | null;
    }
  | {
      kind: 'editResource';
      /** Of the directory. */ id: string;
      resource: ResourceKind;
      /** `null`: a new one. */ resourceId: string | null;
    }
  | { kind: 'deleteResource'; id: string; resource: ResourceKind; resourceId: string }
  | { kind: 'import' | 'samples'; id: string }
  | { kind: 'export'; id: string; list: ExportedList | null }
  | ({ kind: 'changeSelection'; what: 'deactivate' | 'reactivate' | 'delete' } & SelectedResources)
  | ({ kind: 'addToGroup' } & SelectedResources)
  | { kind: 'addMembers'; id: string; groupId: string; name: string }
  | { kind: 'problem'; text: string }
  | {
      kind: 'sendRequest';
      /** Of the directory. */ id: string;
      /** What it is made from; `null`: nothing. */ original: Exchange | null;
    }
  | { kind: 'replay'; exchangeId: number }
  | { kind: 'foreignRun'; url: string; what: string; go: () => void }
  | { kind: 'leave'; go: () => void };

/** Which dialog is open. */
export class Dialogs {
  #open = $state.raw<OpenDialog | null>(null);

  /** The one that is open; what one is about that is gone has none. */
  readonly current = $derived(
    this.#open !== null && 'id' in this.#open && !this.workspace.has(this.#open.id) ? null : this.#open,
  );

  constructor(private readonly workspace: Workspace) {}

  open(dialog: OpenDialog): void {
    this.#open = dialog;
  }

  close = (): void => {
    this.#open = null;
  };

  /** Closes the dialog and does what it asked about. */
  finish(go: () => void): void {
    this.close();
    go();
  }

  /** Asks whether what is not saved may be lost; an open dialog is answered first. */
  askToLeave(go: () => void): void {
    if (this.current === null) this.open({ kind: 'leave', go });
  }

  /** Asks whether to generate the token of a directory, or to replace the one in force. */
  askForToken({ id, token }: Pick<Directory, 'id' | 'token'>): void {
    this.open({ kind: token === null ? 'token' : 'rotateToken', id });
  }

  /** Says what went wrong where no form is open that could. */
  tellProblem(thrown: unknown): void {
    this.open({ kind: 'problem', text: ApiError.of(thrown).message });
  }
}
