// What `counter why` says inside a network of Podman, from recorded files; in a real one, in test/e2e/podman.test.ts.
import assert from 'node:assert/strict';
import test from 'node:test';
import { explain, Unreachable } from '@container-counter/network/failure';
import type { Name } from '../src/name.ts';
import type { NetworkView } from '../src/network-view.ts';
import { remediesFor } from '../src/remedies.ts';
import type { Why } from '../src/why.ts';
import { whyText } from '../src/why-text.ts';

const VIEW: NetworkView = {
  hosts: [{ address: '10.89.0.6', names: ['3f2a9c1b7d55', 'project-web-1'] }],
  nameServers: ['10.89.0.1'],
  connection: 'user-defined',
  podman: true,
  hostname: '3f2a9c1b7d55',
  interfaces: [{ name: 'eth0', address: '10.89.0.6', network: null }],
  routes: [],
  links: [],
};
const NAME: Name = {
  source: 'resolver',
  linkVariables: null,
  hostsLine: null,
  variablesAbsent: false,
  holders: [],
  withNetwork: [],
};
const WHERE = { view: VIEW, host: 'db', port: 6379, redis: true };

test('a name that Podman does not know, and its commands', () => {
  const remedies = remediesFor('unresolved', { ...WHERE, name: NAME, openPorts: [] });
  const failure = { ...explain(new Unreachable('unresolved'), { what: 'Redis', ...WHERE }, VIEW), remedies };
  const why: Why = {
    ...WHERE,
    name: NAME,
    attempts: [],
    openPorts: [],
    reachable: false,
    failure,
    warnings: [],
    engine: null,
  };
  const text = whyText(why);
  assert.match(text, /^From 3f2a9c1b7d55, on a user-defined network, to db:6379:$/m);
  assert.match(
    text,
    /resolver 10\.89\.0\.1 \(Podman's aardvark-dns; Docker's is 127\.0\.0\.11\): no such name on any network/,
  );
  assert.match(text, /^ {2}podman network connect --alias db NETWORK CONTAINER$/m);
  assert.doesNotMatch(text, /docker /);
});

test('a name that Podman knows', () => {
  const name: Name = { ...NAME, holders: [{ address: '10.89.0.5', container: 'project-redis-1', network: '' }] };
  const attempt = {
    address: '10.89.0.5',
    route: null,
    from: '10.89.0.6',
    ms: 1,
    pong: true,
    failure: null,
    evictsBy: null,
  };
  const why: Why = {
    ...WHERE,
    name,
    attempts: [attempt],
    openPorts: [],
    reachable: true,
    failure: null,
    warnings: [],
    engine: null,
  };
  assert.match(whyText(why), /\n +10\.89\.0\.5 is project-redis-1, where "db" is an alias of it\n/);
});

test('every remedy is a command of Podman', () => {
  for (const kind of ['no names', 'no network', 'refused', 'unreachable', 'silent', 'closed', 'read-only'] as const) {
    const commands = remediesFor(kind, { ...WHERE, name: NAME, openPorts: [] }).map(({ command }) => command);
    assert.ok(commands.length > 0);
    for (const command of commands) assert.match(command, /^podman |^counter /);
  }
});
