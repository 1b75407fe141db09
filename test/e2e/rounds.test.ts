// Rounds of the second `up`, of `run`, and of a restart and a kill of every container, under load, in both wirings: all
// of it recovers by itself, and nothing is lost or double. ROUNDS=100 makes it a long test.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { buildOne, run } from 'docker-compose';
import type { FaultKind } from '../../services/counter-cli/src/audit/kinds.ts';
import { type Cluster, createCluster, VARIANTS } from './support/cluster.ts';
import { docker, noEngine } from './support/engine.ts';
import { createExactClients, type ExactClients } from './support/exact-clients.ts';

const ROUNDS = Number(process.env['ROUNDS'] ?? 1);
const PATIENCE = { timeout: 60_000, every: 250 };

// What a fault of each service is like: clients that do not retry may notice one of Redis or of the proxy, none of a replica.
const SERVICES = {
  networks: { proxy: 'proxy', web: 'replica', redis: 'redis' },
  links: { proxy: 'proxy', web1: 'replica', web2: 'replica', web3: 'replica', 'redis-server': 'redis' },
} as const;

for (const variant of VARIANTS) {
  describe(`rounds on ${variant}`, { skip: noEngine() }, () => {
    let cluster: Cluster;
    let clients: ExactClients;
    before(async () => {
      // Otherwise Redis may lose what it acknowledged in the last second before it is killed.
      cluster = await createCluster(variant, 'rounds', { env: { APPENDFSYNC: 'always', LOG_LEVEL: 'warn' } });
      await cluster.up();
      await buildOne('cli', cluster.options); // up builds no service behind a profile
      clients = await createExactClients([new URL(cluster.url)], cluster.stored);
      clients.start();
    });
    after(async () => {
      await clients?.close();
      await cluster.down();
    });

    const replicasHealthy = async () => {
      const response = await (await fetch(`${cluster.url}/-/upstreams`)).json();
      const { upstreams } = response as { upstreams: readonly { readonly name: string; readonly state: string }[] };
      assert.deepEqual(
        upstreams.map(({ state }) => state),
        ['healthy', 'healthy', 'healthy'],
        JSON.stringify(upstreams),
      );
    };

    /** Waits until every container is healthy, and the proxy sends each replica requests again. */
    const recovered = (count: number) =>
      eventually(async () => {
        await replicasHealthy(); // first, too: it is asked without starting a process
        const filter = ['--filter', `label=com.docker.compose.project=${cluster.project}`];
        const states = (await docker('ps', '--all', ...filter, '--format', '{{.Names}} {{.Status}}')).split('\n');
        assert.ok(states.length === count && states.every((state) => state.endsWith('(healthy)')), states.join('; '));
        await replicasHealthy();
      }, PATIENCE);

    const during = async (kind: FaultKind, what: string, act: () => Promise<unknown>): Promise<string> => {
      const before = Object.keys(await cluster.containers()).length;
      return clients.during(kind, what, async () => {
        await act();
        await recovered(before);
      });
    };

    /** @returns each container, and what it is to the clients */
    const members = async () => {
      const all = Object.entries(await cluster.containers()).toSorted();
      return Promise.all(
        all.map(async ([name, id]) => {
          const service = await docker(
            'inspect',
            '--format',
            '{{index .Config.Labels "com.docker.compose.service"}}',
            id,
          );
          const kind = (SERVICES[variant] as Readonly<Record<string, 'proxy' | 'replica' | 'redis'>>)[service];
          assert.ok(kind !== undefined, service);
          return { name, id, kind };
        }),
      );
    };

    for (let round = 1; round <= ROUNDS; round += 1) {
      test(`round ${round}: the second up, and run, leave every container as it is`, async (t) => {
        const all = await cluster.containers();
        t.diagnostic(await during('scale', 'up', () => cluster.up()));
        assert.deepEqual(await cluster.containers(), all);
        const flags = { ...cluster.options, commandOptions: ['--rm', '-T'] };
        t.diagnostic(await during('scale', 'run', () => run('cli', ['keys'], flags)));
        assert.deepEqual(await cluster.containers(), all);
      });

      test(`round ${round}: every container is restarted`, async (t) => {
        for (const { name, id, kind } of await members()) {
          const like = kind === 'replica' ? 'stop-replica' : (`restart-${kind}` as const);
          t.diagnostic(await during(like, `restarted ${name}`, () => docker('restart', id)));
        }
      });

      test(`round ${round}: every container is killed, and recovers by itself`, async (t) => {
        for (const { name, id, kind } of await members()) {
          // From inside: what `docker kill` kills stays down, for Docker treats that as deliberate.
          const kill = () => docker('exec', id, 'sh', '-c', 'kill -KILL -1').catch(() => {});
          t.diagnostic(await during(`kill-${kind}` as const, `killed ${name}`, kill));
        }
      });
    }

    test('nothing was lost or doubled, and no client that retries saw an error', async (t) => {
      const { checks, counted } = await clients.verdict();
      for (const { name, value } of checks) t.diagnostic(`${name}: ${value}`);
      assert.deepEqual(
        checks.filter(({ required, value }) => required && value !== 0),
        [],
      );
      assert.ok(counted > 100, `${counted} hits`);
    });
  });
}
