// What the documents name exists: links, paths, make targets, and the table of variables.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { LINK_HINT, SENTENCES } from '@container-counter/network/sentences';
import { PortTaken } from '../services/counter-cli/src/docker/compose/compose.ts';
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
const NAMES = new Set(FILES.map((file) => basename(file)));

// What has a slash, or ends as the name of a file, is a path: of the repository, beside the document, or beside a path
// that is named before it. An image is none.
const isPath = (word: string): boolean =>
  word.includes('/') ? !IMAGES.includes(`:-${word}}`) : /\.(ts|js|lua|css|html|md|ya?ml|json|conf|bash)$/.test(word);

const IMAGES = FILES.filter((file) => /^(docker-[\w.-]+|deploy\/\w+)\.yml$/.test(file))
  .map(read)
  .join('\n');

const all = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

const pathsIn = (text: string): string[] => all(text, /`([\w.@-]+(?:\/[\w.@-]+)*\/?)`/g).filter(isPath);

for (const document of DOCUMENTS) {
  const text = read(document);

  test(`every relative link of ${document} leads to a file`, () => {
    const targets = all(text, /\]\(([^)#\s]+)[^)]*\)/g).filter((target) => !/^[a-z]+:/.test(target));
    const dead = targets.filter((target) => !existsSync(join(ROOT, dirname(document), target)));
    assert.deepEqual(dead, []);
  });

  test(`every path that ${document} names exists`, () => {
    const exists = (path: string) =>
      existsSync(join(ROOT, path)) || existsSync(join(ROOT, dirname(document), path)) || NAMES.has(path);
    assert.deepEqual(
      pathsIn(text).filter((path) => !exists(path)),
      [],
    );
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

test('docs/troubleshooting.md quotes what is said', () => {
  const [, table = ''] = /^\| you see \| do \|\n\|[-|]+\n((?:\|.*\n)*)/m.exec(read('docs/troubleshooting.md')) ?? [];
  const ofOthers = ['Cannot link to a non running container', 'Connection reset by peer']; // Docker, curl
  const targets = ['db', 'redis'].map((host) => ({ what: 'Redis', host, port: 6379 }));
  const said = [
    ...targets.flatMap((target) => Object.values(SENTENCES).map((say) => say(target, new Error('…'), ['…']))),
    ...targets.map(LINK_HINT),
    new PortTaken(8080, 'another program').message,
  ];
  const quoted = all(table, /^\| `([^`]+)`/gm).filter((quote) => !ofOthers.includes(quote));
  assert.ok(quoted.length > 3);
  assert.deepEqual(
    quoted.filter((quote) => !said.some((sentence) => sentence.includes(quote))),
    [],
  );
});

test('docs/threat-model.md names a test for each claim, and each is there', () => {
  const rows = all(read('docs/threat-model.md'), /^\| (?!claim)([^|-].*) \|$/gm);
  for (const row of rows) {
    const [claim = '', shown = ''] = row.split(' | ');
    const tests = [...shown.matchAll(/`([^`]+)`(?:: ([^;]+))?/g)];
    assert.ok(tests.length > 0, claim);
    for (const [, file = '', title = ''] of tests) {
      const titles = all(read(file), /\b(?:test|describe)\((.*)/g);
      assert.ok(
        titles.some((text) => text.includes(title)),
        `${file} has no test "${title}"`,
      );
    }
  }
  assert.ok(rows.length > 20, `${rows.length} claims`);
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
  const runByOthers = /^(labs\/|docs\/teaching\.md$)/; // test/e2e/labs-*.test.ts, test/e2e/teaching.test.ts
  const shown = DOCUMENTS.filter((document) => stepsOf(read(document)).length > 0);
  assert.deepEqual(shown.filter((document) => !runByOthers.test(document)).toSorted(), GUIDES.toSorted());
});

test('the Makefile explains every target', () => {
  const text = read('Makefile');
  const phony = all(text, /^\.PHONY: ([\w-]+)$/gm);
  assert.ok(phony.length > 0);
  assert.deepEqual(all(text, /^([\w-]+):.* ## ./gm), phony);
});

test('CONTRIBUTING maps every folder of sources, by itself or by a file in it', () => {
  const sources = FILES.filter((file) => /\.(ts|lua|css|sh|bash|ya?ml|md)$|^(tools|\.ci)\/[^.]+$/.test(file));
  const folders = new Set(sources.map((file) => dirname(file)));
  const named = pathsIn(read('CONTRIBUTING.md')).map((path) => path.replace(/\/$/, ''));
  const mapped = new Set([...named, ...named.map((path) => dirname(path))]);
  // What belongs to tests or to a tool is found from there; each workspace has its tests in the same place.
  const isPart = (folder: string) => /\/(support|test(\/.*)?)$/.test(folder) || /^tools\/engine\//.test(folder);
  assert.deepEqual(
    [...folders].filter((folder) => folder !== '.' && !mapped.has(folder) && !isPart(folder)),
    [],
  );
});
