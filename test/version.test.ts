// One version in every manifest and for the images; what it changes is in the changelog.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };

for (const manifest of globSync('{packages,services}/*/package.json')) {
  test(`${manifest} has the version of the project, and asks for it`, () => {
    const { dependencies = {}, devDependencies = {}, ...own } = JSON.parse(read(manifest));
    assert.equal(own.version, version);
    for (const [name, requested] of Object.entries({ ...dependencies, ...devDependencies }))
      if (name.startsWith('@container-counter/')) assert.equal(requested, version, name);
  });
}

test('docker-bake.hcl builds that version', () => {
  assert.equal(/variable "VERSION" \{\s+default = "(.*)"/.exec(read('docker-bake.hcl'))?.[1], version);
});

test('docs/operations.md shows that version wherever it takes published images', () => {
  const shown = [...read('docs/operations.md').matchAll(/IMAGE_TAG=(\d+\.\d+\.\d+)/g)].map(([, tag]) => tag);
  assert.deepEqual([shown.length > 0, new Set(shown)], [true, new Set([version])]);
});

test('the changelog has what is new since, and each version once', () => {
  const headings = [...read('CHANGELOG.md').matchAll(/^## \[(.*?)\]/gm)].map(([, heading]) => heading);
  assert.equal(headings[0], 'Unreleased');
  assert.equal(new Set(headings).size, headings.length);
});
