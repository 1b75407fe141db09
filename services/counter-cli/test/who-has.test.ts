// A name that a container does not find: who has it is found from outside, and what is said then.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainWay } from '@container-counter/network/why/why';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const container = (Id: string, Name: string, Running: boolean, Networks: object) => ({
  Id,
  Name: `/${Name}`,
  State: { Running },
  NetworkSettings: { Networks },
});

const CONTAINERS = [
  container('aaa', 'proxy-1', true, { front: { Aliases: ['proxy'], DNSNames: ['proxy-1', 'proxy'] } }),
  container('bbb', 'redis-1', true, { back: { Aliases: null, DNSNames: ['redis-1', 'db'] } }),
  container('ccc', 'redis-2', false, { back: { Aliases: ['db'] } }),
  container('ddd', 'db', true, { bridge: { Aliases: null, DNSNames: null } }),
];

const given = async (kind: string) => {
  const way = await explainWay(
    { host: 'x'.repeat(64), port: 6379, redis: { tls: false, user: '', password: '', database: 0 } },
    {},
  );
  return JSON.stringify({
    ...way,
    host: 'db',
    failure: { kind, sentence: 'No.', mend: [{ does: 'd', command: 'c' }] },
  });
};

const mendsFor = async (t: Parameters<typeof fakeDocker>[0], kind: string) => {
  const { env } = await fakeDocker(
    t,
    `"ps --no-trunc"*) printf 'aaa\\tproxy-1\\tproxy\\t1\\n';;
"ps --all"*) printf 'aaa\\nbbb\\nccc\\nddd\\n';;
"inspect aaa bbb ccc ddd") echo '${JSON.stringify(CONTAINERS)}';;
"exec aaa counter"*) echo '${await given(kind)}'; exit 1;;`,
  );
  const { out } = await cli(['why', 'db', '--from', 'proxy', '--json'], { env });
  return JSON.parse(out).failure.mend as unknown;
};

const OWN = { does: 'd', command: 'c' };

test('the network of the one that has it, and the one that does not run', async (t) => {
  assert.deepEqual(await mendsFor(t, 'unresolved'), [
    {
      does: 'redis-1 has the name "db" on back: this brings proxy-1 there',
      command: 'docker network connect back proxy-1',
    },
    { does: 'redis-2 has the name "db" on back, and does not run: this starts it', command: 'docker start redis-2' },
    OWN,
  ]);
});

test('a server that is found is not looked for', async (t) => assert.deepEqual(await mendsFor(t, 'refused'), [OWN]));
