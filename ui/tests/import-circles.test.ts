// Modules that import each other in a circle can be read, moved and tested only together.

import { readFileSync, readdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

/** What each file imports of the others, as paths. */
function importsOf(files: ReadonlyMap<string, string>): Map<string, string[]> {
  const found = (from: string, specifier: string) => {
    const path = resolve(dirname(from), specifier);
    return [path, `${path}.ts`].find((candidate) => files.has(candidate));
  };
  const imports = ([path, text]: [string, string]): [string, string[]] => {
    const scripts = path.endsWith('.svelte')
      ? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map((m) => m[1] ?? '')
      : [text];
    const names = scripts.flatMap((script) => ts.preProcessFile(script).importedFiles.map((file) => file.fileName));
    return [path, names.filter((name) => name.startsWith('.')).flatMap((name) => found(path, name) ?? [])];
  };
  return new Map([...files].map(imports));
}

/** A circle, as the files that it goes through; undefined: there is none. */
function circleIn(imports: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (file: string, way: readonly string[]): string[] | undefined => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = follow(next, [...way, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = follow(file, []);
    if (circle) return circle;
  }
  return undefined;
}

test('no modules import each other in a circle', () => {
  const paths = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(ts|svelte)$/.test(path))
    .map((path) => resolve(SRC, path));
  const imports = importsOf(new Map(paths.map((path) => [path, readFileSync(path, 'utf8')])));
  // Fewer than one for each file would mean that they are not read.
  expect([...imports.values()].flat().length).toBeGreaterThan(imports.size);
  expect(circleIn(imports)).toBeUndefined();
});

test('a circle is found, through scripts of both kinds', () => {
  const files = new Map([
    ['/a.ts', 'import { b } from "./b.svelte";'],
    ['/b.svelte', '<script lang="ts">\n  import type { C } from "./c";\n</script>\n<p>import "./d";</p>'],
    ['/c.ts', 'export { a } from "./a";\nimport "./d";'],
    ['/d.ts', ''],
  ]);
  expect(circleIn(importsOf(files))).toEqual(['/a.ts', '/b.svelte', '/c.ts', '/a.ts']);
});
