// `counter compare`, row by row, against what Docker itself says of the same containers.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { freePort } from '@container-counter/network/free-ports';
import { type Compared, type Comparison, matrixOf } from '../../services/counter-cli/src/compare/comparison.ts';
import type { Observed } from '../../services/counter-cli/src/compare/observe.ts';
import { compareReport } from '../../services/counter-cli/src/compare/report.ts';
import type { Row } from '../../services/counter-cli/src/compare/rows.ts';
import { removeProject } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PROJECT = 'container-counter-test-compare';

describe('counter compare', { skip: noEngine() }, () => {
  let folder: string;
  let found: Comparison & { readonly rows: readonly Row[] };
  let html: string;
  const side = (variant: Compared['variant']) => found.sides.find((one) => one.variant === variant) as Compared;
  const down = async () => {
    await removeProject('networks', PROJECT);
    await removeProject('links', `${PROJECT}-links`);
  };
  before(async () => {
    await down();
    folder = mkdtempSync(join(tmpdir(), 'counter-compare-'));
    const file = join(folder, 'compare.html');
    const args = ['services/counter-cli/src/main.ts', 'compare', '--keep', '--json', '--html', file];
    const env = { ...process.env, COMPOSE_PROJECT_NAME: PROJECT, PROXY_PORT: `${await freePort()}` };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, env, maxBuffer: 2 ** 26 });
    found = JSON.parse(stdout);
    html = readFileSync(file, 'utf8');
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await down();
  });

  const row = (title: string): Row => found.rows.find((one) => one.title === title) as Row;
  const inspectAll = async (format: string) =>
    (await docker('inspect', '--format', format, ...all().map(({ id }) => id))).split('\n');
  const inside = (id: string, ...command: string[]) => docker('exec', id, ...command);
  const all = () => [...side('networks').containers, ...side('links').containers];
  const of = (variant: Compared['variant'], label: string) =>
    side(variant).containers.find((one) => one.label === label) as Observed;

  test('engine', async () => {
    const version = await docker('version', '--format', '{{.Server.Version}}');
    assert.equal(found.engine, version);
    const variables = await inside(of('links', 'web1').id, 'sh', '-c', 'env | grep -c ^REDIS_PORT || true');
    assert.equal(
      row('engine').links[0],
      `${version}: ${variables === '0' ? 0 : 4} of 4 containers with links have variables from them`,
    );
  });

  test('both clusters, every container of them, each on a port of its own', async () => {
    const labels = { networks: 'proxy web1 web2 web3 redis', links: 'proxy web1 web2 web3 redis-server' };
    const ports: string[] = [];
    for (const variant of ['networks', 'links'] as const) {
      const project = variant === 'links' ? `${PROJECT}-links` : PROJECT;
      const ids = await docker(
        'ps',
        '--quiet',
        '--no-trunc',
        '--filter',
        `label=com.docker.compose.project=${project}`,
      );
      const { containers } = side(variant);
      assert.deepEqual(containers.map(({ id }) => id).sort(), ids.split('\n').sort());
      assert.equal(containers.map(({ label }) => label).join(' '), labels[variant]);
      ports.push(await docker('port', of(variant, 'proxy').id, '8080/tcp'));
    }
    const [first, second] = ports.map((text) => /:(\d+)/.exec(text)?.[1]);
    assert.deepEqual(row('published').networks, [
      `proxy: ${first} to 8080/tcp`,
      ...nothing('web1', 'web2', 'web3', 'redis'),
    ]);
    assert.deepEqual(row('published').links, [
      `proxy: ${second} to 8080/tcp`,
      ...nothing('web1', 'web2', 'web3', 'redis-server'),
    ]);
    const bindings = await inspectAll('{{json .HostConfig.PortBindings}}');
    for (const [i, { published }] of all().entries()) assert.equal(bindings[i] !== '{}', published.length > 0);
  });

  const nothing = (...labels: string[]) => labels.map((label) => `${label}: nothing`);

  test('addresses and networks', async () => {
    const inspected = await inspectAll('{{json .NetworkSettings.Networks}}');
    for (const [i, { addresses, seen }] of all().entries()) {
      const networks = JSON.parse(inspected[i] ?? '') as Record<string, { IPAddress: string }>;
      const said = Object.entries(networks).map(([name, { IPAddress }]) => [name, IPAddress]);
      assert.deepEqual(addresses, Object.fromEntries(said));
      const own = seen.interfaces.filter(({ name }) => name !== 'lo').map(({ address }) => address);
      assert.deepEqual(own.sort(), Object.values(addresses).sort());
    }
    assert.deepEqual(Object.keys(of('networks', 'web2').addresses).sort(), ['backend-network', 'frontend-network']);
    assert.deepEqual(Object.keys(of('links', 'web2').addresses), ['bridge']);
  });

  test('environment from links', async () => {
    for (const { id, seen } of all()) {
      const printed = await inside(id, 'env');
      const set = [...printed.matchAll(/^(\w+)_NAME=\/[^/]+\/(\S+)$/gm)].map(([, , alias]) => alias);
      assert.deepEqual(seen.links.map(({ alias }) => alias).sort(), set.sort());
      for (const { names, copied } of seen.links) {
        for (const name of [...names, ...copied]) assert.match(printed, new RegExp(`^${name}=`, 'm'));
      }
    }
    assert.ok(row('environment from links').networks.every((line) => line.endsWith(': nothing from links')));
  });

  test('/etc/hosts and /etc/resolv.conf', async () => {
    for (const { id, seen } of all()) {
      const files = await inside(id, 'sh', '-c', 'cat /etc/hosts; echo ---; cat /etc/resolv.conf');
      const [printed = '', resolvConf = ''] = files.split('---\n');
      assert.equal(seen.hosts.length, printed.split('\n').filter((line) => /^\S/.test(line)).length);
      for (const { address, names } of seen.hosts) assert.ok(printed.includes(`${address}\t${names.join(' ')}`));
      assert.deepEqual(
        seen.nameServers,
        [...resolvConf.matchAll(/^nameserver (\S+)/gm)].map(([, server]) => server),
      );
    }
    assert.match(row('/etc/resolv.conf').networks[0] ?? '', /^proxy: 127\.0\.0\.11/);
    assert.doesNotMatch(row('/etc/resolv.conf').links.join(), /127\.0\.0\.11/);
    assert.match(
      row('/etc/hosts').links[1] ?? '',
      /^web1: 3 lines from links, such as 172\.\S+ redis [0-9a-f]{12} redis-server$/,
    );
  });

  test('names: what each resolves to, and by which source', () => {
    const way = (container: Observed, host: string) => container.seen.paths.find((one) => one.host === host);
    const db = way(of('networks', 'web1'), 'db');
    assert.deepEqual(
      [db?.name.source, db?.attempts[0]?.address],
      ['resolver', of('networks', 'redis').addresses['backend-network']],
    );
    const redis = way(of('links', 'web1'), 'redis');
    assert.deepEqual(
      [redis?.name.source, redis?.attempts[0]?.address],
      ['hosts file', of('links', 'redis-server').addresses['bridge']],
    );
    const web = way(of('networks', 'proxy'), 'web')?.attempts.map(({ address }) => address);
    const replicas = ['web1', 'web2', 'web3'].map((label) => of('networks', label).addresses['frontend-network']);
    assert.deepEqual(web?.sort(), replicas.sort());
    assert.ok(row('names').networks[1]?.includes(`db ${db?.attempts[0]?.address}`));
  });

  test('who reaches whom', () => {
    const [self, name, address, none] = ['itself', 'name', 'address', 'none'];
    assert.deepEqual(matrixOf(side('networks').containers), [
      [self, name, name, name, none],
      [name, self, name, name, name],
      [name, name, self, name, name],
      [name, name, name, self, name],
      [none, name, name, name, self],
    ]);
    assert.deepEqual(matrixOf(side('links').containers), [
      [self, name, name, name, address],
      [address, self, address, address, name],
      [address, address, self, address, name],
      [address, address, address, self, name],
      [address, address, address, address, self],
    ]);
  });

  test('when Redis restarts, both find it at its new address; the variable of a link stays as it was', () => {
    for (const { experiment } of found.sides) {
      const { first, restarted } = experiment;
      assert.deepEqual([first.failure, first.found], [null, first.address]);
      assert.notEqual(restarted.address, first.address);
      assert.deepEqual([restarted.failure, restarted.found], [null, restarted.address]);
    }
    assert.equal(side('networks').experiment.variable, null);
    const { variable, first } = side('links').experiment;
    if (variable !== null) assert.equal(variable, `REDIS_PORT=tcp://${first.address}:6379`);
    else assert.ok(of('links', 'web1').seen.links.length === 0, 'an engine that sets none');
  });

  test('when Redis is recreated, a name follows it, and a link keeps its old address', () => {
    const { experiment: onNetworks } = side('networks');
    assert.deepEqual([onNetworks.recreated.failure, onNetworks.recreated.found], [null, onNetworks.recreated.address]);
    assert.notEqual(onNetworks.recreated.address, onNetworks.restarted.address);
    const { recreated, restarted } = side('links').experiment;
    assert.deepEqual([recreated.failure, recreated.found], ['stale link', restarted.address]);
  });

  test('startup order, where the name resolves, what leaks', () => {
    const { experiment: onNetworks } = side('networks');
    const { experiment: withLinks } = side('links');
    assert.equal(onNetworks.clientFirst.started, true);
    assert.match(onNetworks.clientFirst.message, /the name "db" does not resolve/);
    assert.equal(withLinks.clientFirst.started, false);
    assert.match(withLinks.clientFirst.message, /counter-compare-links-source/);
    assert.deepEqual([onNetworks.stranger, withLinks.stranger], [null, 'no names']);
    assert.deepEqual(onNetworks.copied, []);
    if (of('links', 'web1').seen.links.length > 0) assert.ok(withLinks.copied.includes('REDIS_ENV_SECRET'));
  });

  test('links on a user-defined network: a name for the client alone, which follows Redis', () => {
    const { clientFirst, recreated, restarted, stranger, copied, variable } = found.networkLinks;
    assert.equal(clientFirst.started, true);
    assert.equal(stranger, 'unresolved');
    assert.deepEqual([recreated.failure, recreated.found], [null, recreated.address]);
    assert.notEqual(recreated.address, restarted.address);
    assert.deepEqual([copied, variable], [[], null]);
    assert.equal(row('links on a user-defined network').links[0], 'only the client resolves the name, by the resolver');
  });

  test('the text and the page show it all, and the page needs nothing else', () => {
    const text = compareReport(found, { dim: String, cyan: String } as never);
    assert.match(text, /^proxy {7,}by name {2}by name {2}by name {2}not$/m);
    for (const { title } of found.rows) assert.ok(html.includes(`<div>${title.replaceAll("'", '&#39;')}</div>`), title);
    assert.equal(html.match(/<svg /g)?.length, 2);
    const paths = 3 + 3 + 1; // proxy to each replica, each replica to Redis, the host to the proxy
    assert.equal(html.match(/class="path"/g)?.length, 2 * paths);
    assert.equal(html.match(/class="past none"/g)?.length, 1);
    assert.equal(html.match(/class="past address"/g)?.length, 1);
    for (const { addresses } of all())
      for (const address of Object.values(addresses)) assert.ok(html.includes(address));
    assert.doesNotMatch(html, /<script|<link|(src|href)=|https?:|@import|url\((?!#)/);
  });

  test('leaves no container of the experiments', async () => {
    assert.equal(await docker('ps', '--all', '--quiet', '--filter', 'name=counter-compare-'), '');
    assert.equal(await docker('network', 'ls', '--quiet', '--filter', 'name=counter-compare-'), '');
  });
});
