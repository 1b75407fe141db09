// What `counter why --from` finds out about the container at the other end, which is not seen from inside.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FailureKind } from '@container-counter/network/failure-kind';
import { freePort } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { docker, noEngine } from './support/engine.ts';
import {
  addressOn,
  applyRemedies,
  BACK,
  clean,
  failsFromOutside,
  IDLE,
  prepare,
  run,
  runRedis,
  whyFromHere,
  whyFromOutside,
} from './support/why.ts';

const ALWAYS = ['--restart', 'always'];
const SMALL = ['--memory', '20m', '--memory-swap', '20m'];

const FILL = "for i = 1, 30 do redis.call('SET', 'big' .. i, ('x'):rep(1e6)) end";

describe('counter why, from outside', { skip: noEngine() }, () => {
  before(async () => {
    await prepare();
    await run('asking', ...BACK, ...IDLE);
  });
  after(clean);

  const says = async (host: string, kind: FailureKind, pattern: RegExp) => {
    const why = await failsFromOutside('asking', host, kind);
    assert.match(why.failure?.sentence ?? '', pattern);
    return why;
  };

  test('a Redis that ends at each start', async () => {
    await run('wrong', ...BACK, ...ALWAYS, 'redis', 'redis-server', '--no-such-setting', '1');
    const looping = /^Redis: "why-wrong" keeps restarting\. The container why-wrong ended with exit code 1/;
    await eventually(() => says('redis://why-wrong', 'restarting', looping));
    const { failure } = await says('redis://why-wrong', 'restarting', looping);
    const [, ...command] = failure?.remedies[0]?.command.split(' ') ?? [];
    assert.deepEqual(command, ['logs', '--tail', '20', 'why-wrong']);
    await docker('rm', '--force', 'why-wrong');
  });

  test('a Redis that the kernel kills for its memory at each start, until it gets more', async () => {
    await runRedis('oom', [...BACK, ...ALWAYS], '--appendonly', 'yes', '--save', '');
    await docker('exec', 'why-oom', 'redis-cli', 'eval', FILL, '0');
    await docker('stop', 'why-oom');
    await docker('update', ...SMALL, 'why-oom');
    await docker('start', 'why-oom');
    const looping = /keeps restarting\. The container why-oom ran out of memory .*OOM kill, exit code 137/;
    await eventually(() => says('redis://why-oom', 'restarting', looping), { timeout: 30_000 });
    const why = await says('redis://why-oom', 'restarting', looping);
    await applyRemedies(why, (command) => command.startsWith('docker update'));
    await eventually(async () => assert.equal((await whyFromOutside('asking', 'redis://why-oom')).reachable, true), {
      timeout: 90_000,
    });
    await docker('rm', '--force', '--volumes', 'why-oom');
  });

  test('a Redis that ended, one that never started, and one that is paused', async () => {
    await runRedis('ended', BACK);
    await docker('kill', 'why-ended');
    await docker('create', '--name', 'why-created', ...BACK, 'redis');
    await runRedis('paused', BACK);
    await docker('pause', 'why-paused');
    const sentences = {
      ended: ['stopped', /does not run\. The container why-ended ended with exit code 137/],
      created: ['stopped', /The container why-created was created but never started\./],
      paused: ['paused', /is paused\. The container why-paused was paused with docker pause\./],
    } as const;
    for (const [name, [kind, pattern]] of Object.entries(sentences)) {
      const why = await says(`redis://why-${name}`, kind, pattern);
      await applyRemedies(why, (command) => /^docker (start|unpause)/.test(command));
      await eventually(async () =>
        assert.equal((await whyFromOutside('asking', `redis://why-${name}`)).reachable, true),
      );
    }
  });

  test('a replica that was connected again without its alias, and one of another project', async () => {
    const make = (name: string, project: string) => {
      const labels = [`com.docker.compose.project=${project}`, 'com.docker.compose.service=search'];
      const flags = ['--network-alias', 'search', ...labels.flatMap((label) => ['--label', label])];
      return runRedis(name, [...BACK, ...flags]);
    };
    await Promise.all([make('search1', 'one'), make('search2', 'one'), make('search3', 'two')]);
    await docker('network', 'disconnect', 'why-back', 'why-search2');
    await docker('network', 'connect', 'why-back', 'why-search2');
    const doubts = async () => (await whyFromOutside('asking', 'search:6379')).warnings;
    const [ambiguous, noAlias] = await doubts();
    assert.match(ambiguous?.sentence ?? '', /On why-back they belong to the project one and the project two/);
    assert.match(noAlias?.sentence ?? '', /why-search2 is on why-back without that alias/);
    for (const { command } of noAlias?.remedies ?? []) await docker(...command.split(' ').slice(1));
    await docker('rm', '--force', '--volumes', 'why-search2', 'why-search3');
    assert.deepEqual(await doubts(), []);
  });

  test('a published port that leads to the wrong one inside', async () => {
    const port = await freePort();
    await runRedis('published', ['--publish', `127.0.0.1:${port}:80`]);
    const { failure, reachable } = await whyFromHere(`localhost:${port}`);
    assert.deepEqual([failure?.kind, reachable], ['dead port', false]);
    const right = /Start it with (-p) (\d+:6379)\.$/.exec(failure?.sentence ?? '')?.slice(1) ?? [];
    await docker('rm', '--force', '--volumes', 'why-published');
    await runRedis('published', right);
    assert.equal((await whyFromHere(`redis://localhost:${port}`)).reachable, true);
  });

  test('a link whose source was recreated, at the same address', async () => {
    await runRedis('source', []);
    await run('linked', '--link', 'why-source:redis', ...IDLE);
    const before = await addressOn('bridge', 'source');
    await docker('rm', '--force', '--volumes', 'why-source');
    await runRedis('source', []);
    assert.equal(await addressOn('bridge', 'source'), before);
    const { attempts, failure } = await failsFromOutside('linked', 'redis', 'stale link');
    assert.equal(attempts[0]?.failure, null, 'it responds');
    assert.match(
      failure?.sentence ?? '',
      /is for the container why-source [0-9a-f]{12}, which was removed; why-source has its address/,
    );
  });
});
