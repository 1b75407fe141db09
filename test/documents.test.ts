// What the documents name exists: links, paths, make targets, and the table of variables.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { stepsOf } from '../services/counter-cli/src/lab/transcript.ts';
import { GUIDES } from './support/guides.ts';
import { variablesTable } from './support/variables-table.ts';

const ROOT = new URL('..', import.meta.url).pathname;
const listed = (...patterns: string[]) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], { cwd: ROOT })
    .toString()
    .trim()
    .split('\n');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

const DOCUMENTS = listed('*.md');
const FILES = listed();
const TOP = new Set(FILES.map((file) => file.split('/')[0]));

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

for (const document of DOCUMENTS) {
  const text = read(document);

  test(`every relative link of ${document} leads to a file`, () => {
    const targets = all(text, /\]\(([^)#\s]+)[^)]*\)/g).filter((target) => !/^[a-z]+:/.test(target));
    const dead = targets.filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    assert.deepEqual(dead, []);
  });

  test(`every path that ${document} names exists`, () => {
    const paths = all(text, /`([\w.@-]+(?:\/[\w.@-]+)*\/?)`/g).filter((path) => TOP.has(path.split('/')[0]));
    const missing = paths.filter((path) => !existsSync(join(ROOT, path)));
    assert.deepEqual(missing, []);
  });

  test(`every make target that ${document} names is in the Makefile`, () => {
    const targets = all(text, /(?:`|\$ )(?:\w+=\S+ )*make ([\w-]+)/g);
    const known = new Set(all(read('Makefile'), /^([\w-]+):/gm));
    assert.deepEqual(
      targets.filter((target) => !known.has(target)),
      [],
    );
  });
}

test('docs/configuration.md shows every variable that the services read, as they read it', () => {
  const table = /^\| variable \|.*\n\|[-|]+\n((?:\|.*\n)*)/m.exec(read('docs/configuration.md'))?.[1];
  assert.equal(table, variablesTable());
});

test('docs/configuration.md shows every variable that Compose and the Dockerfile read', () => {
  const files = FILES.filter((file) => /^(docker-[\w.-]+\.yml|deploy\/\w+\.yml|Dockerfile)$/.test(file));
  const names = new Set(files.flatMap((file) => all(read(file), /(?<!\$)\$\{([A-Z]\w+)/g)));
  assert.ok(names.has('WEB_IMAGE'));
  const document = read('docs/configuration.md');
  assert.deepEqual(
    [...names].filter((name) => !document.includes(`\`${name}\``)),
    [],
  );
});

test('docs/operations.md lists every metric', () => {
  const sources = FILES.filter((file) => /^(packages|services)\/[\w-]+\/src\/(metrics|main)\.ts$/.test(file));
  const names = sources.flatMap((file) => all(read(file), /'((?:\w+_)+(?:seconds|total|bytes|alive|healthy))'/g));
  assert.ok(names.length > 0);
  const rows = all(read('docs/operations.md'), /^\| `(\w+)` \| (?:proxy|web)/gm);
  assert.deepEqual(rows.toSorted(), names.toSorted());
});

test('docs/architecture.md draws who imports whom', () => {
  const [, drawing = ''] = /## Who imports whom\n\n```text\n([\s\S]*?)```/.exec(read('docs/architecture.md')) ?? [];
  const groups = drawing.split(/(?<=┘.*\n)|(?<=^[^┼\n]*►.*\n)/m);
  const drawn = groups.flatMap((group) => {
    const [target = ''] = all(group, /► (\S+)/g);
    return all(group, /^ ([a-z]+\/\S+) ─/gm).map((importer) => `${importer} ► ${target}`);
  });
  const imported = FILES.filter((file) => /^(packages|services)\/.*\/package\.json$/.test(file)).flatMap((file) =>
    Object.keys(JSON.parse(read(file)).dependencies ?? {})
      .filter((name) => name.startsWith('@container-counter/'))
      .map((name) => `${dirname(file)} ► packages/${name.split('/')[1]}`),
  );
  assert.deepEqual(drawn.toSorted(), imported.toSorted());
});

test('the commands of every document are run by a test', () => {
  const runByOthers = /^(labs\/|docs\/teaching\.md$)/; // test/e2e/labs.test.ts, test/e2e/teaching.test.ts
  const shown = DOCUMENTS.filter((document) => stepsOf(read(document)).length > 0);
  assert.deepEqual(shown.filter((document) => !runByOthers.test(document)).toSorted(), GUIDES.toSorted());
});

test('the Makefile explains every target', () => {
  const text = read('Makefile');
  const phony = all(text, /^\.PHONY: ([\w-]+)$/gm);
  assert.ok(phony.length > 0);
  assert.deepEqual(all(text, /^([\w-]+):.* ## ./gm), phony);
});

test('CONTRIBUTING maps every folder of sources', () => {
  const folders = FILES.filter((file) => /^(packages|services|test|tools)\//.test(file)).map((file) =>
    file.split('/').slice(0, 2).join('/'),
  );
  const map = read('CONTRIBUTING.md');
  const unmapped = [...new Set(folders)].filter((folder) => !map.includes(`\`${folder}`));
  assert.deepEqual(unmapped, []);
});

test('docs/dependencies.md lists every direct dependency', () => {
  const manifests = FILES.filter((file) => /(^|\/)package\.json$/.test(file)).map((file) => JSON.parse(read(file)));
  const names = manifests.flatMap(({ dependencies, devDependencies, optionalDependencies }) =>
    Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies }),
  );
  const rows = all(read('docs/dependencies.md'), /^\| ([^|]+) \|/gm).flatMap((cell) => cell.split(', '));
  const outside = names.filter((name) => !/^@(container-counter|types)\//.test(name));
  assert.deepEqual(
    [...new Set(outside)].filter((name) => !rows.includes(name)),
    [],
  );
});
