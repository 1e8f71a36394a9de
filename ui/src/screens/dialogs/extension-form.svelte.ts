import type { DeclaredSchema, ResourceKind } from '$lib/api';
import { declare, readAttributes, schemaOf, writeAttributes } from '$lib/extensions';
import { words } from '$lib/policy-words';

/** The extensions that a directory declares, while a person works on them, and the form for one of them. Nothing is sent from here. */
export class ExtensionForm {
  declared = $state.raw<readonly DeclaredSchema[]>([]);
  isChanged = $state(false);

  isOpen = $state(false);
  /** The extension that the form changes; `null`: it declares another. */
  editing = $state.raw<DeclaredSchema | null>(null);
  kind = $state<ResourceKind>('user');
  urn = $state('');
  lines = $state('');
  problem = $state.raw<{ field: 'urn' | 'attributes'; message: string } | null>(null);

  constructor(declared: readonly DeclaredSchema[]) {
    this.declared = declared;
  }

  /** Opens the form, empty, or for an extension that is declared. */
  open(editing: DeclaredSchema | null = null): void {
    this.isOpen = true;
    this.editing = editing;
    this.problem = null;
    this.kind = editing?.resourceKind ?? 'user';
    this.urn = editing === null ? '' : schemaOf(editing).id;
    this.lines = editing === null ? '' : writeAttributes(schemaOf(editing).attributes);
  }

  close(): void {
    this.isOpen = false;
    this.editing = null;
    this.problem = null;
  }

  remove(declared: DeclaredSchema): void {
    this.#keep(this.declared.filter((one) => one !== declared));
    if (this.editing === declared) this.close();
  }

  /** Takes over what the form says and closes it; answers whether it could, and keeps why not. */
  commit(): boolean {
    const before = this.editing === null ? undefined : schemaOf(this.editing);
    const attributes = readAttributes(this.lines, before?.attributes);
    const urn = this.urn.trim();
    const isTaken = this.declared.some(
      (one) => one !== this.editing && schemaOf(one).id.toLowerCase() === urn.toLowerCase(),
    );
    if (urn === '') return this.#refuse('urn', words.extensions.noUrn);
    if (isTaken) return this.#refuse('urn', words.extensions.taken);
    if (!Array.isArray(attributes)) return this.#refuse('attributes', words.extensions.badLine(attributes));
    if (attributes.length === 0) return this.#refuse('attributes', words.extensions.noAttributes);
    const declared: DeclaredSchema = { resourceKind: this.kind, schema: declare(urn, attributes, before) };
    this.#keep(
      this.editing === null
        ? [...this.declared, declared]
        : this.declared.map((one) => (one === this.editing ? declared : one)),
    );
    this.close();
    return true;
  }

  /** What was typed and not taken over yet is not lost when the dialog is saved: it is taken over then, unless it is nothing. */
  finish(): boolean {
    const isEmpty = this.editing === null && this.urn.trim() === '' && this.lines.trim() === '';
    return !this.isOpen || isEmpty || this.commit();
  }

  #keep(declared: readonly DeclaredSchema[]): void {
    this.declared = declared;
    this.isChanged = true;
  }

  #refuse(field: 'urn' | 'attributes', message: string): false {
    this.problem = { field, message };
    return false;
  }
}
