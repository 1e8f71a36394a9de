import { beforeEach, describe, expect, it } from 'vitest';
import type { DeclaredSchema } from '$lib/api';
import { declare, schemaOf } from '$lib/extensions';
import { ExtensionForm } from './extension-form.svelte';

const BADGE = 'urn:example:params:scim:schemas:extension:badge:2.0:User';
const badge: DeclaredSchema = {
  resourceKind: 'user',
  schema: declare(BADGE, [{ name: 'badgeNumber', type: 'string', multiValued: false, description: 'On the card' }]),
};

let form: ExtensionForm;
beforeEach(() => (form = new ExtensionForm([badge])));

describe('the form for an extension', () => {
  it('declares another one', () => {
    form.open();
    Object.assign(form, { kind: 'group', urn: ' urn:example:team ', lines: 'costCentre string' });
    expect(form.commit()).toBe(true);
    expect(form.declared.map((one) => [one.resourceKind, schemaOf(one).id])).toEqual([
      ['user', BADGE],
      ['group', 'urn:example:team'],
    ]);
    expect([form.isOpen, form.isChanged]).toEqual([false, true]);
  });

  it('changes one in its place and keeps what a line cannot say', () => {
    form.open(badge);
    expect([form.kind, form.urn, form.lines]).toEqual(['user', BADGE, 'badgeNumber string']);
    form.lines += '\ndoors string[]';
    expect(form.commit()).toBe(true);
    expect(form.declared).toHaveLength(1);
    const [number, doors] = schemaOf(form.declared[0] as DeclaredSchema).attributes;
    expect([number?.['description'], doors?.name]).toEqual(['On the card', 'doors']);
  });

  it.each([
    ['', 'a string', 'urn', 'Enter the URN'],
    [BADGE.toUpperCase(), 'a string', 'urn', 'already declared'],
    ['urn:example:team', ' ', 'attributes', 'at least one'],
    ['urn:example:team', 'a string\nb text', 'attributes', 'Line 2, “b text”: The type must be'],
  ])('refuses the URN “%s” with %j', (urn, lines, field, message) => {
    form.open();
    Object.assign(form, { urn, lines });
    expect(form.finish()).toBe(false);
    expect(form.problem?.field).toBe(field);
    expect(form.problem?.message).toContain(message);
    expect([form.isOpen, form.isChanged, form.declared]).toEqual([true, false, [badge]]);
  });

  it('takes over what is typed when the dialog is saved, unless it is nothing', () => {
    expect(form.finish()).toBe(true);
    form.open();
    expect(form.finish()).toBe(true);
    expect(form.isChanged).toBe(false);
    Object.assign(form, { urn: 'urn:example:team', lines: 'a string' });
    expect(form.finish()).toBe(true);
    expect(form.declared).toHaveLength(2);
  });

  it('closes when the extension that it changes is removed', () => {
    form.open(badge);
    form.remove(badge);
    expect([form.isOpen, form.isChanged, form.declared]).toEqual([false, true, []]);
  });
});
