// The stack on a swarm of two machines, under load: scaled, updated, rolled back, drained, and cut off from the power.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { cli } from '../../services/counter-cli/test/cli.ts';
import { docker, noPrivateEngine } from './support/engine.ts';
import { createExactClients, type ExactClients } from './support/exact-clients.ts';
import { healthy, PATIENCE, PROXIES, replicasOn, stored, upstreamsOf, WEB } from './support/stack.ts';
import {
  buildVariant,
  dockerThere,
  killSecond,
  type SwarmNodes,
  startSecond,
  startSwarm,
  stopSwarm,
} from './support/swarm.ts';

const [here, there] = PROXIES as [URL, URL];
const env = Object.fromEntries(Object.entries(process.env).map(([name, value]) => [name, value ?? '']));
const SELECTIONS = 40;

describe('the stack on two machines', { skip: noPrivateEngine() }, () => {
  let nodes: SwarmNodes;
  let clients: ExactClients;

  before(async () => {
    nodes = await startSwarm();
  });
  after(async () => {
    await clients?.close();
    await stopSwarm();
  });

  const onBoth = async () => {
    const { spread } = await replicasOn(nodes);
    assert.ok(
      spread.every((count) => count > 0),
      spread.join(' and '),
    );
  };
  const onlyHere = (count: number) =>
    eventually(async () => assert.deepEqual((await replicasOn(nodes)).spread, [count, 0]), {
      ...PATIENCE,
      every: 1000,
    });

  test('comes up with "counter up swarm", on both machines', async () => {
    const { code, out, err } = await cli(['up', 'swarm'], { env });
    assert.equal(code, 0, err);
    assert.match(out, /^The counter is up: http:\/\/localhost:8080$/m);
    await healthy(3);
    const status = (await cli(['status'], { env })).out;
    assert.match(status, /^swarm: http:\/\/localhost:8080$/m);
    assert.match(status, /^node \S+ +ready, active, leader +10\.89\.7\.1$/m);
    assert.match(status, /^node \S+ +ready, active +10\.89\.7\.2$/m);
    assert.match(status, /^web\.3 +running on \S+ +10\.88\.\d+\.\d+ on (front|back)end-network, /m);
    await onBoth();
    clients = await createExactClients(PROXIES, stored);
  });

  const equalTurns = async (replicas: number) => {
    for (const proxy of PROXIES) {
      const before = await upstreamsOf(proxy);
      await clients.hit(proxy, replicas * SELECTIONS);
      const selections = (await upstreamsOf(proxy)).map(({ served }, i) => served - (before[i]?.served ?? 0));
      assert.deepEqual(selections, Array(replicas).fill(SELECTIONS), proxy.host);
    }
  };

  test('selects every replica on both machines equally often, through either proxy', () => equalTurns(3));

  const scale = async (replicas: number) => {
    await docker('service', 'scale', '--detach=false', `${WEB}=${replicas}`);
    await healthy(replicas);
    await onBoth();
  };

  test('scales from 3 to 12 to 4 replicas', async (t) => {
    clients.start();
    t.diagnostic(await clients.during('scale', 'scaled from 3 to 12', () => scale(12)));
    t.diagnostic(await clients.during('scale', 'scaled from 12 to 4', () => scale(4)));
  });

  const update = async (image: string) => {
    await docker('service', 'update', '--detach=false', '--no-resolve-image', '--image', image, WEB);
    await healthy(4);
    return docker('service', 'inspect', '--format', '{{.UpdateStatus.State}}', WEB);
  };

  test('rolls an update out to every replica', async (t) => {
    await buildVariant('container-counter/web:next', 'ENV EDITION=next');
    const act = async () => assert.equal(await update('container-counter/web:next'), 'completed');
    t.diagnostic(await clients.during('stop-replica', 'rolling update', act));
    assert.deepEqual((await replicasOn(nodes)).images, ['container-counter/web:next']);
  });

  test('rolls back from an image that never becomes healthy', async (t) => {
    await buildVariant('container-counter/web:broken', 'HEALTHCHECK --interval=1s --retries=2 CMD false');
    const act = async () => assert.equal(await update('container-counter/web:broken'), 'rollback_completed');
    t.diagnostic(await clients.during('stop-replica', 'rollback of a broken image', act));
    assert.deepEqual((await replicasOn(nodes)).images, ['container-counter/web:next']);
  });

  const availability = (state: 'drain' | 'active') => docker('node', 'update', '--availability', state, nodes[1]);
  // A machine that recovers gets new tasks only; this recreates all of them.
  // A manager on a busy machine may consider it down again meanwhile.
  const rebalance = () =>
    eventually(async () => {
      await docker('service', 'update', '--detach=false', '--force', '--no-resolve-image', WEB);
      await healthy(4);
      await onBoth();
    }, PATIENCE);

  test('drains a machine, and fills it again', async (t) => {
    const drain = async () => {
      await availability('drain');
      await onlyHere(4);
      await healthy(4, [here]);
    };
    t.diagnostic(await clients.during('restart-proxy', 'drained a machine', drain));
    await availability('active');
    t.diagnostic(await clients.during('restart-proxy', 'filled it again', rebalance));
  });

  test('keeps running without a machine that lost its power, and uses it again when it has recovered', async (t) => {
    const kill = async () => {
      await killSecond();
      await onlyHere(4);
      await healthy(4, [here]);
    };
    t.diagnostic(await clients.during('kill-proxy', 'killed a machine', kill));
    const back = async () => {
      await startSecond();
      await eventually(() => dockerThere('info'), PATIENCE);
      await eventually(async () => assert.equal((await fetch(new URL('-/readyz', there))).status, 200), PATIENCE);
      await rebalance();
    };
    t.diagnostic(await clients.during('kill-proxy', 'it came back', back));
  });

  test('has lost nothing and doubled nothing, and no client that retries saw an error', async (t) => {
    const { checks, counted } = await clients.verdict();
    for (const { name, value } of checks) t.diagnostic(`${name}: ${value}`);
    const bad = checks.filter(({ required, value }) => required && value !== 0);
    assert.deepEqual(bad, []);
    assert.ok(counted > 1000, `${counted} hits`);
    await equalTurns(4);
  });

  test('is removed by "counter down swarm"', async () => {
    const gone = await cli(['down', 'swarm', '--volumes', '--yes'], { env });
    assert.deepEqual(gone, { code: 0, out: 'swarm stopped\n', err: '' });
    assert.equal(await docker('ps', '--all', '--quiet'), '');
    assert.equal((await cli(['status'], { env })).out, 'nothing is running\n');
  });
});
