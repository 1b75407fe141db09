// Every dependency that is listed is used by the workspace that lists it, and stands in docs/dependencies.md with its
// reason. That what is used is listed, Biome checks.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = new URL('..', import.meta.url).pathname;
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: ROOT })
  .toString()
  .trim()
  .split('\n');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const MANIFESTS = FILES.filter((file) => /(^|\/)package\.json$/.test(file));
const WORKSPACES = MANIFESTS.map(dirname).filter((folder) => folder !== '.');

/** The text of all that a workspace consists of; of the root, of what is in no other. */
const textOf = (folder: string): string => {
  const isIn = (file: string) =>
    folder === '.' ? !WORKSPACES.some((other) => file.startsWith(`${other}/`)) : file.startsWith(`${folder}/`);
  return FILES.filter((file) => /\.(ts|js|html)$|^tools\/[^.]*$/.test(file) && isIn(file))
    .map(read)
    .join('\n');
};

// What is run and not imported, by its command.
const COMMANDS: Readonly<Record<string, string>> = { typescript: 'tsc', '@biomejs/biome': 'biome' };

const isUsed = (name: string, text: string): boolean => {
  const command = COMMANDS[name];
  if (command !== undefined) return new RegExp(`^${command} `, 'm').test(text);
  const used = name.replace(/^@types\//, '');
  if (used === 'node') return text.includes("from 'node:");
  return new RegExp(`(?:from|import|import\\(|resolve\\() ?'${used}['/]`).test(text);
};

for (const manifest of MANIFESTS) {
  test(`${manifest} lists nothing that is not used`, () => {
    const { dependencies, devDependencies } = JSON.parse(read(manifest));
    const text = textOf(dirname(manifest));
    assert.deepEqual(
      Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !isUsed(name, text)),
      [],
    );
  });
}

test('docs/dependencies.md lists the direct dependencies, and nothing else', () => {
  const listed = MANIFESTS.flatMap((manifest) => {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read(manifest));
    return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  });
  const outside = new Set(listed.filter((name) => !/^@(container-counter|types)\//.test(name)));
  const cells = [...read('docs/dependencies.md').matchAll(/^\| (?!package)([^|]+) \|/gm)].map(([, cell = '']) => cell);
  const rows = cells.flatMap((cell) => cell.split(', ')).filter((name) => name !== '@types/…');
  assert.deepEqual(rows.toSorted(), [...outside].toSorted());
});
