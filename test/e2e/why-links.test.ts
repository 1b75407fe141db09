// How a container reaches a name by a legacy link, and why it no longer does.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { docker, noEngine } from './support/engine.ts';
import {
  addressOn,
  ask,
  clean,
  FRONT,
  failsFromOutside,
  IDLE,
  prepare,
  run,
  runRedis,
  whyFromOutside,
} from './support/why.ts';

describe('counter why, by a link', { skip: noEngine() }, () => {
  before(async () => {
    await prepare();
    await runRedis('source', ['--env', 'SECRET=leaked']);
    await run('linked', '--link', 'why-source:redis', ...IDLE);
  });
  after(clean);

  test('its line, its variables, and what it copied out of its source', async () => {
    const { name, reachable } = await ask('linked', 'redis');
    assert.deepEqual([reachable, name.source, name.hostsLine?.names[2]], [true, 'hosts file', 'why-source']);
    assert.equal(name.hostsLine?.address, await addressOn('bridge', 'source'));
    const printed = await docker('exec', 'why-linked', 'env');
    assert.equal(name.variablesAbsent, !printed.includes('\nREDIS_NAME=')); // as the engine does it
    if (name.variablesAbsent) return;
    assert.equal(name.linkVariables?.port, `tcp://${name.hostsLine?.address}:6379`);
    assert.ok(name.linkVariables?.copied.includes('REDIS_ENV_SECRET'));
  });

  // Engine 29 and later write the line and set no variables; without them the container is as they make it.
  test('without variables', async () => {
    const { name, reachable } = await ask('linked', 'redis', 'env', '-i', 'PATH=/usr/local/bin:/bin');
    assert.deepEqual([reachable, name.source, name.variablesAbsent], [true, 'hosts file', true]);
    assert.equal(name.linkVariables, null);
  });

  test('on a user-defined network: by the resolver, for itself alone, and from outside it is told from an alias', async () => {
    await runRedis('cache', [...FRONT, '--network-alias', 'shared']);
    await run('linked-on-front', ...FRONT, '--link', 'why-cache:mine', ...IDLE);
    await run('neighbour', ...FRONT, ...IDLE);
    const linked = async (host: string) => {
      const { reachable, name } = await whyFromOutside('linked-on-front', host);
      return [reachable, name.source, name.holders.map(({ container, linked = false }) => [container, linked])];
    };
    assert.deepEqual(await linked('mine:6379'), [true, 'resolver', [['why-cache', true]]]);
    assert.deepEqual(await linked('shared:6379'), [true, 'resolver', [['why-cache', false]]]);
    await failsFromOutside('neighbour', 'mine:6379', 'unresolved');
  });

  test('its source was recreated: no container, then another one has the old address', async () => {
    await docker('rm', '--force', '--volumes', 'why-source');
    const gone = await failsFromOutside('linked', 'redis', 'stale link');
    assert.match(
      gone.failure?.sentence ?? '',
      /container why-source .*, which was removed; no container has its address/,
    );
    const old = gone.attempts[0]?.address;
    let taken: string | undefined;
    for (let i = 0; taken !== old && i < 10; i += 1) {
      await run(`squatter${i}`, ...IDLE);
      taken = await addressOn('bridge', `squatter${i}`);
    }
    assert.equal(taken, old);
    await runRedis('source', []);
    const { attempts, failure } = await failsFromOutside('linked', 'redis', 'stale link');
    assert.deepEqual([attempts[0]?.address, attempts[0]?.failure], [old, 'refused']);
    assert.match(failure?.sentence ?? '', /was removed; why-squatter\d has its address/);
    assert.equal(failure?.remedies[0]?.command, 'docker rm --force why-linked');
    await docker('rm', '--force', 'why-linked');
    await run('linked', '--link', 'why-source:redis', ...IDLE);
    assert.equal((await ask('linked', 'redis')).reachable, true);
  });
});
