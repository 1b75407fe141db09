// Why a container does not get to a name: every cause is made for real, and what is said to mend it, mends it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { FailureKind } from '@container-counter/network/failure';
import type { Why } from '@container-counter/network/why/why';
import { eventually } from '@container-counter/testing/eventually';
import { docker, noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const CLI = `${ROOT}services/counter-cli/src/main.ts`;
const WEB = 'counter-test-why/web';
const IDLE = ['--init', WEB, 'sleep', '600']; // a container of our image to ask from
const CLOSING = "require('node:net').createServer((socket) => socket.end()).listen(6379)";
const SLOW = '--enable-debug-command yes --key-load-delay 20000 --loading-process-events-interval-bytes 1024';

describe('counter why', { skip: noEngine() }, () => {
  const run = (name: string, ...args: string[]) => docker('run', '--detach', '--name', `why-${name}`, ...args);
  const redis = (alias: string, ...args: string[]) =>
    run(alias, '--network', 'why-back', '--network-alias', alias, 'redis', 'redis-server', ...args);
  const clean = async () => {
    const left = await docker('ps', '--all', '--quiet', '--filter', 'name=^why-');
    if (left !== '') await docker('rm', '--force', '--volumes', ...left.split('\n'));
    await docker('network', 'rm', '--force', 'why-front', 'why-back');
  };

  before(async () => {
    await clean(); // what an interrupted run may have left
    await docker('build', '--quiet', '--tag', WEB, '--target', 'web', ROOT);
    await docker('network', 'create', 'why-front');
    await docker('network', 'create', '--internal', 'why-back');
    await Promise.all([
      redis('db'),
      redis('loopback', '--bind', '127.0.0.1'),
      redis('locked', '--requirepass', 'secret'),
      redis('loading', ...SLOW.split(' ')),
      run('impostor', '--network', 'why-back', '--env', 'PORT=6379', WEB),
      run('closing', '--network', 'why-back', '--init', WEB, 'node', '--eval', CLOSING),
      run('down', '--network', 'why-back', ...IDLE),
      run('inside', '--network', 'why-back', ...IDLE),
      run('outside', '--network', 'why-front', '--hostname', 'why-outside', ...IDLE),
      run('bridge', '--hostname', 'why-bridge', WEB), // the service itself, which looks for "redis"
      run('alone', '--network', 'none', '--hostname', 'why-alone', ...IDLE),
      run('host', '--network', 'host', ...IDLE),
      run('source', '--env', 'SECRET=leaked', 'redis'),
    ]);
    await run('linked', '--link', 'why-source:redis', ...IDLE);
  });
  after(clean);

  // As people run it: the exit code with what it says.
  const ask = async (from: string, host: string, ...wrap: string[]): Promise<Why> => {
    const shell = `counter why --json ${host}; echo $?`;
    const printed = await docker('exec', `why-${from}`, ...wrap, 'sh', '-c', shell);
    const [json = '', code] = printed.split('\n');
    const why = JSON.parse(json) as Why;
    assert.equal(code, why.answers ? '0' : '1');
    return why;
  };
  const fails = async (from: string, host: string, ...kinds: FailureKind[]): Promise<Why> => {
    const why = await ask(from, host);
    assert.ok(why.failure !== null && kinds.includes(why.failure.kind), `${why.failure?.kind}, not ${kinds}`);
    return why;
  };
  // Docker runs nothing in a container whose link leads nowhere; from outside it can be asked all the same.
  const failsFromOutside = (from: string, host: string, kind: FailureKind): Why => {
    const args = [CLI, 'why', host, '--from', `why-${from}`, '--json'];
    const ended = spawnSync(process.execPath, args, { env: { ...process.env, WEB_IMAGE: WEB }, encoding: 'utf8' });
    assert.equal(ended.status, 1, ended.stderr);
    const why = JSON.parse(ended.stdout) as Why;
    assert.equal(why.failure?.kind, kind);
    return why;
  };
  const addressOn = (network: string, name: string) =>
    docker('inspect', '--format', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, `why-${name}`);
  /** Runs the commands that would mend it, with the words in capitals filled in. */
  const mend = async ({ failure }: Why, pick: (command: string) => boolean, words: Record<string, string>) => {
    const commands = failure?.mend.map(({ command }) => command).filter(pick) ?? [];
    assert.ok(commands.length > 0);
    for (const command of commands) {
      const [, ...args] = command.split(' ').map((word) => words[word] ?? word);
      await docker(...args);
    }
  };

  test('gets to an alias, and says who has it, on which network', async () => {
    const { name, attempts, here } = await ask('inside', 'db');
    const address = await addressOn('why-back', 'db');
    assert.deepEqual(name.holders, [{ address, container: 'why-db', network: 'why-back' }]);
    assert.deepEqual(name.withNetwork, ['db.why-back']);
    assert.equal(name.source, 'resolver');
    const own = await addressOn('why-back', 'inside');
    assert.deepEqual(
      here.interfaces.find(({ name }) => name === 'eth0'),
      { name: 'eth0', address: own, network: 'why-back' },
    );
    assert.deepEqual([attempts[0]?.address, attempts[0]?.from, attempts[0]?.pong], [address, own, true]);
    assert.deepEqual([attempts[0]?.route?.interface, attempts[0]?.route?.gateway], ['eth0', null]);
  });

  test('gets to a container by its name, and by its name with the network', async () => {
    for (const host of ['why-db', 'why-db.why-back']) assert.equal((await ask('inside', host)).answers, true);
  });

  test('no such name on any shared network; both ways to mend it work', async () => {
    const why = await fails('outside', 'db', 'unresolved');
    assert.match(why.failure?.sentence ?? '', /^Redis: the name "db" does not resolve\./);
    await mend(why, (command) => command.includes('--alias'), { CONTAINER: 'why-db' });
    assert.equal((await ask('outside', 'db')).answers, true);
    await docker('network', 'disconnect', 'why-front', 'why-db');
    await mend(why, (command) => !command.includes('--alias'), { NETWORK: 'why-back', 'why-outside': 'why-outside' });
    assert.equal((await ask('outside', 'db')).answers, true);
    await docker('network', 'disconnect', 'why-back', 'why-outside');
    await fails('outside', 'db', 'unresolved');
  });

  test('an address of a network that it is not on', async () => {
    const why = await fails('outside', `${await addressOn('why-back', 'db')}:6379`, 'unanswered', 'unreachable');
    assert.equal(why.attempts[0]?.route?.gateway, why.here.routes.find(({ prefix }) => prefix === 0)?.gateway);
    assert.ok(why.failure?.mend.some(({ command }) => command.startsWith('docker network connect')));
  });

  test('a container that was disconnected: its name is gone, and its address does not answer', async () => {
    const address = await addressOn('why-back', 'down');
    await docker('network', 'disconnect', 'why-back', 'why-down');
    await fails('inside', 'why-down:6379', 'unresolved');
    await fails('inside', `${address}:6379`, 'unreachable', 'unanswered');
    await docker('network', 'connect', 'why-back', 'why-down');
  });

  test('the default bridge has no names, and the service says the same', async () => {
    const why = await fails('bridge', 'redis', 'no names');
    await eventually(async () => {
      const asked = ['exec', 'why-bridge', 'node', '--eval', ASK_SERVICE];
      assert.deepEqual(JSON.parse(await docker(...asked)), { reason: 'no names', detail: why.failure?.sentence });
    });
    assert.equal(
      (
        await ask(
          'bridge',
          `${await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', 'why-source')}:6379`,
        )
      ).answers,
      true,
      'by address it gets there',
    );
    await docker('network', 'connect', '--alias', 'redis', 'why-front', 'why-db');
    await mend(why, (command) => command.endsWith('why-bridge'), { NETWORK: 'why-front', 'why-bridge': 'why-bridge' });
    assert.equal((await ask('bridge', 'redis')).answers, true);
    await docker('network', 'disconnect', 'why-front', 'why-db');
  });

  test("the host's network has none either", async () => {
    const { here } = await fails('host', 'db', 'no names');
    assert.equal(here.connection, 'host');
  });

  test('no network at all', async () => {
    const why = await fails('alone', 'db', 'no network');
    await fails('alone', '192.0.2.7:6379', 'no network');
    await mend(why, () => true, { NETWORK: 'why-back', 'why-alone': 'why-alone' });
    assert.equal((await ask('alone', 'db')).answers, true);
  });

  test('refused: the server is down', async () => {
    const { openPorts } = await fails('inside', 'why-down:6379', 'refused');
    assert.deepEqual(openPorts, []);
  });

  test('refused: the wrong port, and which one is open', async () => {
    const { failure, openPorts } = await fails('inside', 'db:6380', 'refused');
    assert.deepEqual(openPorts, [6379]);
    assert.equal(failure?.mend[0]?.command, 'counter why db:6379');
  });

  test('refused: bound to loopback, which the command of the answer shows', async () => {
    const { failure } = await fails('inside', 'loopback:6379', 'refused');
    const [, ...command] = failure?.mend[0]?.command.split(' ') ?? [];
    assert.equal(command.join(' '), 'exec why-loopback netstat -ltn');
    assert.match(await docker(...command), /127\.0\.0\.1:6379 .*LISTEN/);
  });

  test('answers, but is not Redis', async () => {
    await fails('inside', 'why-impostor:6379', 'not redis');
  });

  test('closes the connection', async () => {
    await fails('inside', 'why-closing:6379', 'closed');
  });

  test('asks for a password, and takes the one in the URL', async () => {
    await fails('inside', 'redis://locked', 'password');
    await fails('inside', 'redis://:wrong@locked', 'password');
    assert.equal((await ask('inside', 'redis://:secret@locked')).answers, true);
  });

  test('is loading its data', async () => {
    const inRedis = (...args: string[]) => docker('exec', 'why-loading', 'redis-cli', ...args);
    await inRedis('eval', "for i = 1, 60 do redis.call('SET', 'record:' .. i, ('x'):rep(100)) end", '0');
    const loaded = inRedis('debug', 'reload'); // takes 60 times 20 ms
    await eventually(() => fails('inside', 'redis://loading', 'loading'));
    await loaded;
    assert.equal((await ask('inside', 'redis://loading')).answers, true);
  });

  test('is silent while it is paused', async () => {
    await docker('pause', 'why-locked');
    const why = await fails('inside', 'redis://locked', 'silent');
    await mend(why, (command) => command.includes('unpause'), {});
    await fails('inside', 'redis://locked', 'password');
  });

  test('a link: its line, its variables, and what it copied out of its source', async () => {
    const { name, answers } = await ask('linked', 'redis');
    assert.equal(answers, true);
    assert.deepEqual(
      [name.source, name.hostsLine?.names[2], name.variablesAbsent],
      ['hosts file', 'why-source', false],
    );
    assert.equal(name.linkVariables?.port, `tcp://${name.hostsLine?.address}:6379`);
    assert.deepEqual(
      name.linkVariables?.copied.filter((key) => key.endsWith('SECRET')),
      ['REDIS_ENV_SECRET'],
    );
  });

  // Engine 29 and later write the line and set no variables; without them the container is as they make it.
  test('a link without variables', async () => {
    const { name, answers } = await ask('linked', 'redis', 'env', '-i', 'PATH=/usr/local/bin:/bin');
    assert.deepEqual(
      [answers, name.source, name.variablesAbsent, name.linkVariables],
      [true, 'hosts file', true, null],
    );
  });

  test('a link whose source was made again: nobody, then somebody else has its old address', async () => {
    await docker('rm', '--force', '--volumes', 'why-source');
    const gone = failsFromOutside('linked', 'redis', 'stale link');
    assert.match(gone.failure?.sentence ?? '', /if "redis" was removed and made again, that line is stale/);
    const old = gone.attempts[0]?.address;
    await run('squatter', ...IDLE);
    assert.equal(await docker('inspect', '--format', '{{.NetworkSettings.IPAddress}}', 'why-squatter'), old);
    await run('source', 'redis');
    const { attempts } = failsFromOutside('linked', 'redis', 'stale link');
    assert.deepEqual([attempts[0]?.address, attempts[0]?.failure], [old, 'refused']);
  });
});

const ASK_SERVICE = `
  fetch('http://127.0.0.1:3000/', { headers: { accept: 'application/json' } })
    .then((answer) => answer.json())
    .then(({ reason, detail }) => console.log(JSON.stringify({ reason, detail })))`;
