// A name that a link wrote into the hosts file may be stale, and the sentence says so; for other names it does not.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { explain, type FailureKind, Unreachable } from '@container-counter/network/failure';

const HINT =
  ' The name comes from a line in /etc/hosts, as a link writes it: if "redis" was removed and made again, that line is stale, and this container must be made again too.';

test('link hint', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'counter-hosts-'));
  t.after(() => rm(folder, { recursive: true }));
  const hosts = join(folder, 'hosts');
  await writeFile(hosts, '127.0.0.1 localhost\n172.17.0.2 redis 3f2a9c1b7d55 redis-server\n');

  const hinted = (kind: FailureKind, host: string): boolean => {
    const target = { what: 'Redis', host, port: 6379 };
    const plain = explain(new Unreachable(kind), target, join(folder, 'none')).sentence;
    const { sentence } = explain(new Unreachable(kind), target, hosts);
    if (sentence !== plain) assert.equal(sentence, plain + HINT);
    return sentence !== plain;
  };

  for (const kind of ['refused', 'unreachable', 'unanswered', 'silent'] as const) {
    await t.test(`${kind}: for a name of the hosts file alone`, () =>
      assert.deepEqual([hinted(kind, 'redis'), hinted(kind, 'db'), hinted(kind, '172.17.0.2')], [true, false, false]),
    );
    await t.test(`${kind}: localhost is no link`, () => assert.equal(hinted(kind, 'localhost'), false));
  }

  for (const kind of ['unresolved', 'no resolver', 'closed', 'loading', 'password', 'other'] as const) {
    await t.test(`${kind}: a stale line is not the cause`, () => assert.equal(hinted(kind, 'redis'), false));
  }
});
