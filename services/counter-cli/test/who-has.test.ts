// A name that a container does not find: who has it is found from outside, and what is said then.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { FailureKind } from '@container-counter/network/failure-kind';
import { diagnose, type Why } from '@container-counter/why/why';
import { whyText } from '@container-counter/why/why-text';
import type { Inspected } from '../src/docker/inspect.ts';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';
import { EXITED, inspectCases, inspected, RUNNING } from './inspected.ts';

const OOM = { ...RUNNING, Status: 'restarting', Restarting: true, OOMKilled: true, ExitCode: 137 };

const PROXY = inspected('aaa', 'proxy-1', { front: ['172.18.0.2', 'proxy'] });

const CONTAINERS = [
  PROXY,
  inspected('bbb', 'redis-1', { back: ['172.19.0.2', 'db'] }),
  inspected('ccc', 'redis-2', { back: ['', 'db'] }, { State: EXITED }),
  inspected('ddd', 'db', { bridge: ['172.17.0.2'] }),
];

const given = async (kind: FailureKind, more: Partial<Why> = {}): Promise<Why> => {
  const login = { tls: false, user: '', password: '', database: 0 };
  const way = await diagnose({ host: 'x'.repeat(64), port: 6379, redis: login }, {});
  return { ...way, host: 'db', failure: { kind, sentence: 'No.', remedies: [OWN] }, ...more };
};

const OWN = { does: 'd', command: 'c' };

type Answers = {
  readonly containers: readonly Inspected[];
  readonly version?: string;
  readonly events?: string;
};

/** What `counter why db --from proxy --json` prints, when the proxy itself found `inside`. */
const whyOf = async (t: TestContext, inside: Why, { containers, version = '28.5.2', events = '' }: Answers) => {
  const { env } = await fakeDocker(
    t,
    `${inspectCases(containers)}
"ps --no-trunc"*) printf 'aaa\\tproxy-1\\tproxy\\t1\\n';;
"events"*) echo '${events}';;
"exec aaa counter"*) echo '${JSON.stringify(inside)}'; exit 1;;`,
    version,
  );
  const { out } = await cli(['why', 'db', '--from', 'proxy', '--json'], { env });
  return JSON.parse(out) as Why;
};

test('a link on a user-defined network is told from an alias', async (t) => {
  const own = inspected('aaa', 'proxy-1', { front: ['172.18.0.2'] });
  const { NetworkSettings } = own;
  const front = { IPAddress: '172.18.0.2', Aliases: null, Links: ['redis:db'] };
  const linked = { ...own, NetworkSettings: { ...NetworkSettings, Networks: { front } } };
  const inside = await given('unresolved');
  const holders = [{ address: '172.18.0.3', container: 'redis', network: 'front' }];
  const asked = { ...inside, failure: null, reachable: true, name: { ...inside.name, holders } };
  const shownFor = async (container: Inspected) =>
    (await whyOf(t, asked, { containers: [container] })).name.holders.map((holder) => holder.linked ?? false);
  assert.deepEqual([await shownFor(linked), await shownFor(own)], [[true], [false]]);
});

test('the network of the one that has it, and the one that does not run', async (t) => {
  const { failure } = await whyOf(t, await given('unresolved'), { containers: CONTAINERS });
  assert.deepEqual(failure?.remedies, [
    {
      does: 'redis-1 has the name "db" on back: this connects proxy-1 to it',
      command: 'docker network connect back proxy-1',
    },
    { does: 'redis-2 has the name "db" on back, but is not running: this starts it', command: 'docker start redis-2' },
    OWN,
  ]);
});

test('in Podman, the same by its own commands', async (t) => {
  const inside = await given('unresolved');
  const { failure } = await whyOf(t, { ...inside, view: { ...inside.view, podman: true } }, { containers: CONTAINERS });
  assert.deepEqual(
    failure?.remedies.map(({ command }) => command),
    ['podman network connect back proxy-1', 'podman start redis-2', 'c'],
  );
});

test('a server that is found is not looked for', async (t) => {
  const { failure } = await whyOf(t, await given('refused'), { containers: CONTAINERS });
  assert.deepEqual(failure, { kind: 'refused', sentence: 'No.', remedies: [OWN] });
});

const ended = (Action: string, exitCode: string) => JSON.stringify({ Action, Actor: { Attributes: { exitCode } } });

const STATES: Readonly<
  Record<string, readonly [state: Inspected['State'], restarts: number, kind: FailureKind, says: string]>
> = {
  'killed for its memory again and again': [
    OOM,
    12,
    'restarting',
    'Redis: "db" keeps restarting. The container redis-1 ran out of memory and was killed by the kernel (OOM kill, exit code 137), after 12 restarts: see docker logs redis-1.',
  ],
  'ending with an error again and again': [
    { ...OOM, OOMKilled: false, ExitCode: 1 },
    1,
    'restarting',
    'Redis: "db" keeps restarting. The container redis-1 ended with exit code 1, after 1 restart: see docker logs redis-1.',
  ],
  'running for a moment, between two ends': [
    RUNNING,
    3,
    'restarting',
    'Redis: "db" keeps restarting. The container redis-1 ended with exit code 127 (its command was not found), after 3 restarts: see docker logs redis-1.',
  ],
  ended: [
    EXITED,
    0,
    'stopped',
    'Redis: "db" does not run. The container redis-1 ended with exit code 1: see docker logs redis-1.',
  ],
  'never started': [
    { ...EXITED, Status: 'created' },
    0,
    'stopped',
    'Redis: "db" does not run. The container redis-1 was created but never started.',
  ],
  paused: [
    { ...RUNNING, Paused: true },
    0,
    'paused',
    'Redis: "db" is paused. The container redis-1 was paused with docker pause.',
  ],
};

for (const [name, [state, RestartCount, kind, sentence]] of Object.entries(STATES)) {
  test(`a container on its network that is ${name}`, async (t) => {
    const State = { ...state, StartedAt: new Date().toISOString() };
    const redis = inspected('bbb', 'redis-1', { front: ['', 'db'] }, { State, RestartCount });
    const events = [ended('die', '1'), ended('die', '127')].join('\n');
    const { failure } = await whyOf(t, await given('unresolved'), { containers: [PROXY, redis], events });
    assert.deepEqual([failure?.kind, failure?.sentence], [kind, sentence]);
    assert.ok((failure?.remedies.length ?? 0) > 0);
  });
}

test('one that restarted long ago, or serves beside one that does not, is not to blame', async (t) => {
  const old = inspected('bbb', 'redis-1', { front: ['', 'db'] }, { RestartCount: 3 });
  const down = inspected('ccc', 'redis-2', { front: ['', 'db'] }, { State: EXITED });
  assert.equal((await whyOf(t, await given('refused'), { containers: [PROXY, old, down] })).failure?.kind, 'refused');
});

const linked = (id: string): Partial<Why> => ({
  reachable: true,
  failure: null,
  name: {
    source: 'hosts file',
    linkVariables: null,
    hostsLine: { address: '172.17.0.2', names: ['db', id, 'redis-server'] },
    variablesAbsent: true,
    holders: [],
    withNetwork: [],
  },
});

test('a link to a container that was removed, though another one has its address', async (t) => {
  const heir = inspected('bbbbbbbbbbbbbb', 'squatter', { bridge: ['172.17.0.2'] });
  const inside = await given('refused', linked('0123456789ab'));
  const { reachable, failure, engine } = await whyOf(t, inside, { containers: [PROXY, heir] });
  assert.deepEqual([reachable, failure?.kind, engine], [false, 'stale link', '28.5.2']);
  assert.equal(
    failure?.sentence,
    'Redis: the link to "db" is stale. Its line in /etc/hosts is for the container redis-server 0123456789ab, which was removed; squatter has its address 172.17.0.2 now. Recreate proxy-1, and its link with it.',
  );
});

test('a link to a container that is there, by the id of its line', async (t) => {
  const redis = inspected('0123456789abcdef', 'redis-server', { bridge: ['172.17.0.2'] });
  const { reachable, failure } = await whyOf(t, await given('refused', linked('0123456789ab')), {
    containers: [PROXY, redis],
  });
  assert.deepEqual([reachable, failure], [true, null]);
});

test('no variables came with a link: Engine 29 is named only where it is the one', async (t) => {
  const inside = await given('refused', linked('0123456789ab'));
  const text = async (version: string) => whyText(await whyOf(t, inside, { containers: [PROXY], version }));
  assert.match(whyText(inside), /link variables: the link set none$/m);
  assert.match(await text('28.5.2'), /link variables: the link set none$/m);
  assert.match(await text('29.1.0'), /none, because Docker Engine 29\.1\.0 does not set them\./);
});

test('a name that leads to some replicas, and not to one that lacks the alias', async (t) => {
  const web = (id: string, name: string, ...names: string[]) =>
    inspected(id, name, { front: ['', ...names] }, { compose: ['counter', 'web'] });
  const containers = [PROXY, web('bbb', 'web-1', 'web'), web('ccc', 'web-2')];
  const { warnings } = await whyOf(t, await given('refused', { host: 'web', reachable: true, failure: null }), {
    containers,
  });
  assert.deepEqual(
    warnings.map(({ kind, sentence }) => [kind, sentence]),
    [
      [
        'no alias',
        '"web" does not lead to all that it should. web-2 is on front without that alias, so its name does not resolve.',
      ],
    ],
  );
});
