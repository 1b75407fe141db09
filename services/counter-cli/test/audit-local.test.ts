// `counter audit local`: every kind of fault once, and each of 5000 hits counted and acknowledged exactly once.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { noRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { KINDS } from '../src/audit/kinds.ts';
import type { Audit } from '../src/audit/run-audit.ts';
import { isAlive } from '../src/local/state.ts';
import { cli } from './cli.ts';
import { startCounter } from './cluster.ts';

const env = { PATH: process.env['PATH'] ?? '' };

test('5000 requests, every kind of fault', { skip: noRedis() }, async (t) => {
  const folder = await temporaryFolder(t, 'report');
  const file = join(folder, 'report.md');
  const { code, out, err } = await cli(['audit', '-n', '5000', '--json', '--report', file], { env });
  const audit = JSON.parse(out) as Audit;
  assert.deepEqual(
    audit.verdict.checks.filter(({ value, required }) => required && value !== 0),
    [],
  );
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.ok(audit.reckoning.acknowledged >= 5000);
  assert.equal(audit.moved.after - audit.moved.before, audit.reckoning.acknowledged);
  const injected = audit.incidents.flatMap(({ fault }) => fault?.kind ?? []);
  assert.deepEqual(injected.toSorted(), [...KINDS].sort());
  // Nobody notices the fault of a replica, and everybody that of the only proxy: else nothing was hurt.
  const proxy = audit.incidents.find(({ fault }) => fault?.kind === 'kill-proxy');
  assert.notDeepEqual(proxy?.firstAttemptErrors, {});
  const document = await readFile(file, 'utf8');
  assert.match(document, /^## local: good$/m);
  assert.match(document, /^\| errors with --exact \| 0 \|$/m);
});

test('Ctrl-C ends it, and leaves nothing behind', { skip: noRedis() }, async (t) => {
  const audit = startCounter(t, ['audit', '--faults', 'kill-replica,pause-replica', '-n', '4000'], env);
  const line = await audit.line(/^1\. kill-replica|^1\. pause-replica/);
  assert.equal(await audit.stop('SIGINT'), 1);
  assert.ok(audit.lines.includes('The audit was stopped before its end, so there is no verdict.'), line);
  const pids = [...line.matchAll(/process (\d+)/g)].map((match) => Number(match[1]));
  assert.ok(pids.length > 0);
  assert.deepEqual(pids.filter(isAlive), []);
});

test('without a Redis that keeps its data there is no audit', async () => {
  const { code, err } = await cli(['audit'], { env: { PATH: '' } });
  assert.equal(code, 1);
  assert.match(err, /^The audit kills Redis and expects its data to be there again, so it needs redis-server/);
});
