import Building2 from '@lucide/svelte/icons/building-2';
import Folder from '@lucide/svelte/icons/folder';
import List from '@lucide/svelte/icons/list';
import User from '@lucide/svelte/icons/user';
import Users from '@lucide/svelte/icons/users';
import type { Component } from 'svelte';
import {
  ApiError,
  type Directory,
  type ExchangeRow,
  type Found,
  type FoundResource,
  type Organization,
} from '$lib/api';
import type { Keys } from '$lib/key-names';
import { score } from '$lib/match';
import { words } from '$lib/palette-words';
import { type Action, type Run, actionsOf } from './actions';
import type { AppState } from './app.svelte';
import { recall, remember } from './memory';

/** Kinds of what the palette finds, in the order in which they stand. */
export const KINDS = ['recent', 'users', 'groups', 'exchanges', 'directories', 'actions'] as const;
export type Kind = (typeof KINDS)[number];

/** Long enough for a word to be typed, short enough not to be noticed. */
const DEBOUNCE_MS = 80;
/** Of each kind. */
const FEW = 5;
const MANY = 50;
const MOST_RECENT = 5;

const NOTHING: Found = { users: [], groups: [], exchanges: [], problem: null, isPartial: false };

/** A line of the palette. */
export interface Item {
  /** Unique. */
  value: string;
  icon: Component;
  label: string;
  detail: string;
  keys?: Keys;
  /** Whether the name stands back: who is deactivated. */
  isQuiet?: boolean;
  run: Run;
}

export interface Section {
  kind: Kind;
  items: Item[];
}

/** What was opened lately: ids alone, because names belong to the data folder and not to a browser's memory. */
type Reference =
  | { kind: 'user' | 'group'; directoryId: string; id: string }
  | { kind: 'exchange'; id: number }
  | { kind: 'directory' | 'organization'; id: string };

/** What the palette shows for what is typed: everything that can be found, and everything that can be done. */
export class Palette {
  query = $state('');
  /** The only kind that is shown, with more of it. */
  only = $state<Exclude<Kind, 'recent'> | null>(null);
  problem = $state<string | null>(null);
  isSearching = $state(false);

  #found = $state.raw<Found>(NOTHING);
  #recent = $state.raw<Item[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  readonly sections = $derived.by<Section[]>(() => {
    const sections: Section[] = KINDS.map((kind) => ({ kind, items: this.#items(kind) }));
    return sections.filter(({ kind, items }) => items.length > 0 && (this.only === null || this.only === kind));
  });
  readonly count = $derived(this.sections.reduce((sum, { items }) => sum + items.length, 0));

  /** Why no requests were searched, or not all. */
  get searchProblem(): string | null {
    return this.#found.problem ?? (this.#found.isPartial ? words.partial : null);
  }

  constructor(private readonly app: AppState) {}

  /** Finds again what was opened lately; what is gone is left out. */
  async start(): Promise<void> {
    const items = await Promise.all(recalled().map((reference) => this.#resolve(reference)));
    this.#recent = items.filter((item) => item !== null);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
  }

  setQuery(query: string): void {
    this.query = query;
    if (query.trim() === '') this.only = null;
    this.#searchSoon();
  }

  /** Shows more of one kind, or with `null` all kinds again. */
  show(kind: Kind | null): void {
    this.only = kind === 'recent' ? null : kind;
    this.#searchSoon();
  }

  #searchSoon(): void {
    clearTimeout(this.#timer);
    const asked = ++this.#asked;
    if (this.query.trim() === '') {
      this.#found = NOTHING;
      this.isSearching = false;
      return;
    }
    this.isSearching = true;
    this.#timer = setTimeout(() => void this.#search(asked), DEBOUNCE_MS);
  }

  async #search(asked: number): Promise<void> {
    const { only } = this;
    const kind = only === 'users' || only === 'groups' || only === 'exchanges' ? only : 'all';
    try {
      const q = this.query.trim();
      const found = await this.app.client.find({ q, kind, limit: kind === 'all' ? FEW : MANY });
      // What was typed meanwhile has an answer of its own.
      if (asked !== this.#asked) return;
      this.#found = found;
      this.problem = null;
    } catch (thrown) {
      if (asked === this.#asked) this.problem = ApiError.of(thrown).message;
    }
    if (asked === this.#asked) this.isSearching = false;
  }

  #items(kind: Kind): Item[] {
    const isEmpty = this.query.trim() === '';
    switch (kind) {
      case 'recent':
        return isEmpty ? this.#recent : [];
      case 'users':
        return this.#found.users.map((user) => this.#ofResource(user));
      case 'groups':
        return this.#found.groups.map((group) => this.#ofResource(group));
      case 'exchanges':
        return this.#found.exchanges.map((exchange) => this.#ofExchange(exchange));
      case 'directories':
        return isEmpty ? [] : this.#best(this.#directories(), this.only === kind ? MANY : FEW);
      case 'actions':
        return this.#best(actionsOf(this.app).map(ofAction), isEmpty || this.only === kind ? MANY : FEW);
    }
  }

  /** Those that match what was typed, the best first. */
  #best(items: Item[], most: number): Item[] {
    const scored = items.map((item) => ({
      item,
      // What a line is called counts more than what it is about.
      score: score(item.label, this.query) * 2 || score(`${item.label} ${item.detail}`, this.query),
    }));
    const matching = scored.filter((one) => one.score > 0);
    return matching
      .sort((a, b) => b.score - a.score)
      .slice(0, most)
      .map(({ item }) => item);
  }

  #directories(): Item[] {
    const { directories, organizations } = this.app.workspace.tree;
    return [
      ...directories.map((one) => this.#ofDirectory(one)),
      ...organizations.map((one) => this.#ofOrganization(one)),
    ];
  }

  #ofDirectory({ id, name, organizationId }: Directory): Item {
    const { workspace, router } = this.app;
    const detail = workspace.organization(organizationId)?.name ?? '';
    const run = leads({ kind: 'directory', id }, () => router.openDirectory(id));
    return { value: `directory ${id}`, icon: Folder, label: name, detail, run };
  }

  #ofOrganization({ id, name }: Organization): Item {
    const run = leads({ kind: 'organization', id }, () => this.app.router.go({ screen: 'organization', id }));
    return { value: `organization ${id}`, icon: Building2, label: name, detail: words.organization, run };
  }

  #ofResource({ kind, directoryId, id, name, userName, active }: FoundResource): Item {
    const { workspace, router } = this.app;
    const directory = workspace.directory(directoryId)?.name ?? '';
    return {
      value: `${kind} ${directoryId} ${id}`,
      icon: kind === 'user' ? User : Users,
      label: name,
      detail: [userName, directory, active ? null : words.deactivated].filter(Boolean).join(' · '),
      isQuiet: !active,
      run: leads({ kind, directoryId, id }, () => router.openResource(directoryId, kind, id)),
    };
  }

  #ofExchange({ id, directoryId, summary, method, path, at, status }: ExchangeRow): Item {
    const { clock, router } = this.app;
    const outcome = summary.outcome === null ? '' : ` → ${summary.outcome}`;
    return {
      value: `exchange ${id}`,
      icon: List,
      label: `${summary.text}${outcome}`,
      detail: [`${method} ${path}`, status, clock.moment(at)].join(' · '),
      run: leads({ kind: 'exchange', id }, () => router.openRequest(directoryId, id)),
    };
  }

  async #resolve(reference: Reference): Promise<Item | null> {
    const { client, workspace } = this.app;
    try {
      switch (reference.kind) {
        case 'directory': {
          const directory = workspace.directory(reference.id);
          return directory && this.#ofDirectory(directory);
        }
        case 'organization': {
          const organization = workspace.organization(reference.id);
          return organization && this.#ofOrganization(organization);
        }
        case 'exchange':
          return this.#ofExchange((await client.readExchange(reference.id)).row);
        default: {
          const { directoryId, kind, id } = reference;
          const { row } = await (kind === 'user' ? client.readUser : client.readGroup)(directoryId, id);
          if (row.state === 'deleted') return null;
          const userName = 'userName' in row ? row.userName : null;
          return this.#ofResource({ ...reference, name: row.displayName, userName, active: row.state === 'active' });
        }
      }
    } catch {
      // It is gone, or belongs to another data folder: it is no longer offered.
      return null;
    }
  }
}

function ofAction({ id, label, detail, icon, keys, run }: Action): Item {
  return { value: `action ${id}`, icon, label, detail, run, ...(keys === undefined ? {} : { keys }) };
}

/** Goes somewhere, and remembers what was opened. */
function leads(reference: Reference, go: () => void): Run {
  return {
    go: () => {
      keep(reference);
      go();
    },
    moves: true,
  };
}

function recalled(): Reference[] {
  try {
    const kept: unknown = JSON.parse(recall('recent') ?? '[]');
    return Array.isArray(kept) ? (kept as Reference[]).slice(0, MOST_RECENT) : [];
  } catch {
    return [];
  }
}

function keep(reference: Reference): void {
  const same = JSON.stringify(reference);
  const others = recalled().filter((other) => JSON.stringify(other) !== same);
  remember('recent', JSON.stringify([reference, ...others].slice(0, MOST_RECENT)));
}
