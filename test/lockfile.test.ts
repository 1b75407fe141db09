// What npm installs is what the lockfile names, byte for byte: every package has a hash, and comes from a registry. None of
// them is a version that is known to be malicious, and none runs a script when it is installed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

type Locked = {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
};

const { packages, lockfileVersion } = JSON.parse(
  readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Locked>>; readonly lockfileVersion: number };

const INSTALLED = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);

/** Published through stolen accounts, or in anger. A new npm would install none of them; an old lockfile does. */
const MALICIOUS: Readonly<Record<string, readonly string[]>> = {
  'ansi-regex': ['6.2.1'],
  'ansi-styles': ['6.2.2'],
  backslash: ['0.2.1'],
  chalk: ['5.6.1'],
  'chalk-template': ['1.1.1'],
  coa: ['2.0.3', '2.0.4'],
  color: ['5.0.1'],
  'color-convert': ['3.1.1'],
  'color-name': ['2.0.1'],
  'color-string': ['2.1.1'],
  colors: ['1.4.1', '1.4.2', '1.4.44-liberty-2'],
  debug: ['4.4.2'],
  'error-ex': ['1.3.3'],
  'eslint-scope': ['3.7.2'],
  'event-stream': ['3.3.6'],
  'flatmap-stream': ['0.1.1'],
  'has-ansi': ['6.0.1'],
  'is-arrayish': ['0.3.3'],
  'node-ipc': ['10.1.1', '10.1.2', '10.1.3'],
  rc: ['1.2.9', '1.3.9', '2.3.9'],
  'simple-swizzle': ['0.2.3'],
  'slice-ansi': ['7.1.1'],
  'strip-ansi': ['7.1.1'],
  'supports-color': ['10.2.1'],
  'supports-hyperlinks': ['4.1.1'],
  'ua-parser-js': ['0.7.29', '0.8.0', '1.0.0'],
  'wrap-ansi': ['9.0.1'],
};

const names = (found: readonly (readonly [string, Locked])[]) => found.map(([path]) => path);

test('every package has a hash of SHA-512', () => {
  assert.equal(lockfileVersion, 3);
  assert.ok(INSTALLED.length > 100, `${INSTALLED.length}`);
  assert.deepEqual(names(INSTALLED.filter(([, { integrity = '' }]) => !/^sha512-[\w+/]{86}==$/.test(integrity))), []);
});

test('none comes from anywhere but the registry that npm is configured for', () => {
  assert.deepEqual(names(INSTALLED.filter(([, { resolved }]) => resolved !== undefined)), []);
});

test('none runs a script when it is installed', () => {
  assert.deepEqual(names(INSTALLED.filter(([, { hasInstallScript }]) => hasInstallScript)), []);
});

test('none is known to be malicious', () => {
  const bad = INSTALLED.filter(([path, { version = '' }]) =>
    MALICIOUS[path.split('node_modules/').at(-1) ?? '']?.includes(version),
  );
  assert.deepEqual(names(bad), []);
});
