// Why a container does not reach a name: each cause in names and networks, and its remedy.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { docker, noEngine } from './support/engine.ts';
import {
  addressOn,
  applyRemedies,
  ask,
  BACK,
  clean,
  FRONT,
  fails,
  failsFromOutside,
  IDLE,
  prepare,
  run,
  runRedis,
  WEB,
} from './support/why.ts';

describe('counter why, between networks', { skip: noEngine() }, () => {
  before(async () => {
    await prepare();
    await Promise.all([
      runRedis('db', [...BACK, '--network-alias', 'db']),
      run('inside', ...BACK, ...IDLE),
      run('outside', ...FRONT, '--hostname', 'why-outside', ...IDLE),
      run('bridge', '--hostname', 'why-bridge', WEB), // the service itself, which looks for "redis"
      run('alone', '--network', 'none', '--hostname', 'why-alone', ...IDLE),
      run('host', '--network', 'host', ...IDLE),
    ]);
  });
  after(clean);

  test('gets to an alias, and says who has it, on which network', async () => {
    const { name, attempts, view } = await ask('inside', 'db');
    const address = await addressOn('why-back', 'db');
    assert.deepEqual(name.holders, [{ address, container: 'why-db', network: 'why-back' }]);
    assert.deepEqual(name.withNetwork, ['db.why-back']);
    assert.equal(name.source, 'resolver');
    const own = await addressOn('why-back', 'inside');
    const eth0 = { name: 'eth0', address: own, network: 'why-back' };
    assert.deepEqual(
      view.interfaces.find((one) => one.name === 'eth0'),
      eth0,
    );
    assert.deepEqual([attempts[0]?.address, attempts[0]?.from, attempts[0]?.pong], [address, own, true]);
    assert.deepEqual([attempts[0]?.route?.interface, attempts[0]?.route?.gateway], ['eth0', null]);
  });

  test('gets to a container by its name, and by its name with the network', async () => {
    for (const host of ['why-db', 'why-db.why-back']) assert.equal((await ask('inside', host)).reachable, true);
  });

  test('no such name on any shared network; both remedies work', async () => {
    const why = await fails('outside', 'db', 'unresolved');
    assert.match(why.failure?.sentence ?? '', /^Redis: the name "db" does not resolve\./);
    await applyRemedies(why, (command) => command.includes('--alias'), { CONTAINER: 'why-db' });
    assert.equal((await ask('outside', 'db')).reachable, true);
    await docker('network', 'disconnect', 'why-front', 'why-db');
    await applyRemedies(why, (command) => !command.includes('--alias'), { NETWORK: 'why-back' });
    assert.equal((await ask('outside', 'db')).reachable, true);
    await docker('network', 'disconnect', 'why-back', 'why-outside');
  });

  test('from outside it is found who has the name, and the first remedy works as it is', async () => {
    const why = await failsFromOutside('outside', 'db', 'unresolved');
    await applyRemedies(why, (command) => command === why.failure?.remedies[0]?.command);
    assert.equal((await ask('outside', 'db')).reachable, true);
    await docker('network', 'disconnect', 'why-back', 'why-outside');
    await docker('stop', '--time', '2', 'why-db');
    const stopped = await failsFromOutside('outside', 'db', 'unresolved');
    await applyRemedies(stopped, (command) => command === 'docker start why-db');
    await eventually(async () => assert.equal((await ask('inside', 'db')).reachable, true));
  });

  test('an address of a network that it is not on', async () => {
    const why = await fails('outside', `${await addressOn('why-back', 'db')}:6379`, 'unanswered', 'unreachable');
    const wayOut = why.view.routes.find(({ prefix }) => prefix === 0)?.gateway;
    assert.ok(wayOut);
    assert.equal(why.attempts[0]?.route?.gateway, wayOut);
    await applyRemedies(why, (command) => command.startsWith('docker network connect'), { NETWORK: 'why-back' });
    assert.equal((await ask('outside', `${await addressOn('why-back', 'db')}:6379`)).reachable, true);
    await docker('network', 'disconnect', 'why-back', 'why-outside');
  });

  test('a container that was disconnected: neither its name nor its address works', async () => {
    const address = await addressOn('why-back', 'db');
    await docker('network', 'disconnect', 'why-back', 'why-db');
    await fails('inside', 'why-db', 'unresolved');
    await fails('inside', `${address}:6379`, 'unreachable', 'unanswered');
    await docker('network', 'connect', '--alias', 'db', 'why-back', 'why-db');
    assert.equal((await ask('inside', 'db')).reachable, true);
  });

  test('the default bridge has no names, and the service says the same', async () => {
    const why = await fails('bridge', 'redis', 'no names');
    await eventually(async () => {
      const response = JSON.parse(await docker('exec', 'why-bridge', 'node', '--eval', ASK_SERVICE));
      assert.deepEqual(response, { reason: 'no names', detail: why.failure?.sentence });
    });
    await applyRemedies(why, (command) => command.startsWith('docker network create'), { NETWORK: 'why-made' });
    try {
      const words = { NETWORK: 'why-made', CONTAINER: 'why-db' };
      await applyRemedies(why, (command) => command.startsWith('docker network connect'), words);
      assert.equal((await ask('bridge', 'redis')).reachable, true);
    } finally {
      for (const name of ['why-db', 'why-bridge']) await docker('network', 'disconnect', '--force', 'why-made', name);
      await docker('network', 'rm', 'why-made');
    }
  });

  test("the host's network has none either", async () => {
    const { view } = await fails('host', 'db', 'no names');
    assert.equal(view.connection, 'host');
  });

  test('no network at all', async () => {
    const why = await fails('alone', 'db', 'no network');
    await fails('alone', '192.0.2.7:6379', 'no network');
    await applyRemedies(why, () => true, { NETWORK: 'why-back' });
    assert.equal((await ask('alone', 'db')).reachable, true);
  });
});

const ASK_SERVICE = `
  fetch('http://127.0.0.1:3000/', { headers: { accept: 'application/json' } })
    .then((response) => response.json())
    .then(({ reason, detail }) => console.log(JSON.stringify({ reason, detail })))`;
