// What `up`, `down` and `status` ask of `docker compose`, and what they make of its responses; the engine itself is tested elsewhere.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '@container-counter/testing/eventually';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import type { Inspected } from '../src/docker/inspect.ts';
import type { Status } from '../src/status.ts';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';
import { inspectCases, inspected, RUNNING } from './inspected.ts';

const FILE = fileURLToPath(new URL('../../../docker-compose.yml', import.meta.url));
const LINKS_FILE = FILE.replace('.yml', '.links.yml');

const CLUSTER = [
  inspected(
    'a',
    'cc-web-10',
    { back: ['172.18.0.5', 'web'], front: ['172.19.0.5', 'web'] },
    {
      compose: ['container-counter', 'web'],
      State: { ...RUNNING, Health: { Status: 'healthy' } },
    },
  ),
  inspected(
    'b',
    'cc-web-2',
    { back: ['172.18.0.4', 'web'], front: ['172.19.0.4', 'web'] },
    {
      compose: ['container-counter', 'web'],
      State: { ...RUNNING, Health: { Status: 'starting' } },
      RestartCount: 2,
    },
  ),
  inspected(
    'c',
    'cc-proxy-1',
    { front: ['', 'proxy'] },
    {
      compose: ['container-counter', 'proxy'],
      ports: { '9090/tcp': null, '8080/tcp': [{ HostPort: '8081' }] },
    },
  ),
  inspected(
    'd',
    'cc-redis-1',
    {},
    {
      compose: ['container-counter', 'redis'],
      State: { ...RUNNING, Status: 'restarting', Restarting: true, OOMKilled: true, ExitCode: 137 },
      RestartCount: 12,
    },
  ),
  inspected('e', 'stranger', { front: ['172.19.0.9'] }),
];

const PS = inspectCases(CLUSTER);

const statusOf = async (t: TestContext, containers: readonly Inspected[], more = {}) => {
  const { env } = await fakeDocker(t, inspectCases(containers));
  const { out } = await cli(['status', '--json'], { env: { ...env, ...more, LOCAL_DATA: await emptyFolder(t) } });
  return JSON.parse(out) as Status;
};

test('status lists containers in natural order, with their address on each network', async (t) => {
  const { up, noContainers } = await statusOf(t, CLUSTER);
  assert.equal(noContainers, null);
  assert.deepEqual(up, [
    {
      variant: 'networks',
      url: 'http://localhost:8081',
      parts: [
        { name: 'cc-proxy-1', state: 'running', addresses: [] },
        { name: 'cc-redis-1', state: 'restarting (out of memory), 12 restarts', addresses: [] },
        {
          name: 'cc-web-2',
          state: 'running, starting, 2 restarts',
          addresses: ['172.18.0.4 on back', '172.19.0.4 on front'],
        },
        { name: 'cc-web-10', state: 'running, healthy', addresses: ['172.18.0.5 on back', '172.19.0.5 on front'] },
      ],
    },
  ]);
});

const proxyOf = (id: string, project: string, file?: string) =>
  inspected(id, `${project}-proxy-1`, {}, { compose: [project, 'proxy', file] });

test('a cluster under another name is found by its file, and once', async (t) => {
  const named = [proxyOf('a', 'mine', FILE), proxyOf('b', 'two', FILE), proxyOf('c', 'mine-links', LINKS_FILE)];
  const found = async (more = {}) =>
    (await statusOf(t, named, more)).up.map(({ variant, project }) => [variant, project]);
  assert.deepEqual(await found(), [
    ['networks', 'mine'],
    ['networks', 'two'],
    ['links', 'mine-links'],
  ]);
  assert.deepEqual(await found({ COMPOSE_PROJECT_NAME: 'two' }), [['networks', 'two']]);
});

test('down takes down the projects that are up, each by its name', async (t) => {
  const folder = await emptyFolder(t);
  const { env } = await fakeDocker(
    t,
    `${inspectCases([proxyOf('a', 'mine', FILE), proxyOf('b', 'two', FILE)])}
*" down "*) echo "project $COMPOSE_PROJECT_NAME";;`,
  );
  const { out } = await cli(['down'], { env: { ...env, LOCAL_DATA: folder } });
  assert.equal(out, 'project mine\nnetworks (project mine) stopped\nproject two\nnetworks (project two) stopped\n');
});

const web = (id: string, project: string, name: string, ...names: string[]) =>
  inspected(
    id,
    name,
    { 'frontend-network': [`172.18.0.${id.charCodeAt(0)}`, ...names] },
    { compose: [project, 'web', FILE] },
  );

test('two projects on the same networks, and a replica that nobody finds, are doubtful', async (t) => {
  const { doubts } = await statusOf(t, [
    web('a', 'container-counter', 'cc-web-1', 'web'),
    web('b', 'container-counter', 'cc-web-2'),
    web('c', 'two', 'two-web-1', 'web'),
  ]);
  assert.deepEqual(
    doubts.map(({ kind, sentence, remedies }) => [kind, sentence, remedies.map(({ command }) => command)]),
    [
      [
        'ambiguous',
        'More than one server is called web. On frontend-network they belong to the project container-counter and the project two, so each gets some of the requests meant for the other, and counts separately.',
        ['NETWORK_PREFIX=two- PROXY_PORT=8081 docker compose -p two up'],
      ],
      [
        'no alias',
        '"web" does not lead to all that it should. cc-web-2 is on frontend-network without that alias, so its name does not resolve.',
        [
          'docker network disconnect frontend-network cc-web-2',
          'docker network connect --alias web frontend-network cc-web-2',
        ],
      ],
    ],
  );
});

test('up --detach builds, waits, says where it is, and leaves', async (t) => {
  const { env, calls } = await fakeDocker(t, `${PS}\n*" up "*) echo building;;`);
  const { code, out, err } = await cli(['up', 'networks', '--detach'], { env });
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.match(out, /^building$/m);
  assert.match(out, /^The counter is up: http:\/\/localhost:8081$/m);
  assert.match(out, /^ {2}npx counter hit -n 99 --url http:\/\/localhost:8081$/m);
  assert.match(out, /^"npx counter down networks" stops it\.$/m);
  assert.ok((await calls()).includes('compose -f docker-compose.yml up --build --wait -d'));
  assert.ok(!(await calls()).some((call) => call.includes(' down')));
});

test('up replaces each replica that is out of date, and leaves the others', async (t) => {
  const upstreams = ['a', 'b', 'c'].map(() => ({ state: 'healthy' }));
  const proxy = createServer((_request, response) => response.end(JSON.stringify({ upstreams }))).listen();
  t.after(() => proxy.close());
  const part = (id: string, service: string) => {
    const ports = { '8080/tcp': [{ HostPort: `${(proxy.address() as AddressInfo).port}` }] };
    const compose = ['container-counter', service, FILE] as const;
    const one = inspected(id, `${service}-${id}`, {}, { compose, ports: service === 'proxy' ? ports : {} });
    const Labels = { ...one.Config.Labels, 'com.docker.compose.config-hash': id };
    return { ...one, Config: { ...one.Config, Labels } };
  };
  const containers = [part('ours', 'proxy'), part('new', 'web'), part('old', 'web')];
  const { env, calls } = await fakeDocker(
    t,
    `${inspectCases(containers)}
*" config --hash "*) printf 'proxy new\nweb new\n';;
"image inspect"*) echo 'sha256:0';;`,
  );
  const { out } = await cli(['up', '--detach'], { env });
  assert.match(out, /^replacing web-old$/m);
  const commands = (await calls()).filter((call) => !/^ps |^inspect/.test(call));
  assert.deepEqual(commands.slice(3), [
    'compose -f docker-compose.yml up --no-build --wait --no-recreate --scale web=3 -d web',
    'stop old',
    'rm old',
    'compose -f docker-compose.yml up --build --wait -d',
  ]);
});

test('up without a variant is networks; Ctrl-C takes it down, and keeps the data', async (t) => {
  const { env, calls } = await fakeDocker(t, `${PS}\n*" logs "*) echo 'web-1 | hello';;`);
  const { code, out } = await cli(['up'], { env });
  assert.equal(code, 0);
  assert.match(out, /^web-1 \| hello$/m);
  const commands = (await calls()).filter((call) => !/^ps |^inspect/.test(call));
  assert.deepEqual(commands.slice(-3), [
    'compose -f docker-compose.yml up --build --wait -d',
    'compose --ansi never -f docker-compose.yml logs --tail 0 --follow',
    'compose -f docker-compose.yml down --remove-orphans',
  ]);
});

// The logs end when the containers do.
for (const [name, later, isTakenDown] of [
  ['somebody else took it down', '', false],
  ['somebody else took it down, and started another', 'x\\ny\\n', false],
  ['somebody else recreated a part of it', 'x\\na\\n', true],
] as const) {
  test(`up ends when the logs do: ${name}`, async (t) => {
    const gone = join(await emptyFolder(t), 'gone');
    const { env, calls } = await fakeDocker(
      t,
      `*" logs "*) touch '${gone}';;
"ps --all --quiet"*) if [ -e '${gone}' ]; then printf '${later}'; else printf 'a\\nb\\nc\\nd\\ne\\n'; fi;;
${PS}`,
    );
    const { code, out } = await cli(['up'], { env });
    assert.equal(code, 0);
    assert.equal(
      (await calls()).some((call) => call.includes(' down')),
      isTakenDown,
    );
    assert.equal(/removed by somebody else; there is nothing left to stop\.\n$/.test(out), !isTakenDown);
  });
}

test('Ctrl-C while it starts takes down what is there, and is no failure', async (t) => {
  const { env, calls } = await fakeDocker(t, '*" up "*) sleep 0.5; echo canceled >&2; exit 130;;');
  const starting = eventually(async () => assert.ok((await calls()).some((call) => call.includes(' up '))));
  const { code, err } = await cli(['up', 'links'], { env, interrupt: starting.then((): NodeJS.Signals => 'SIGINT') });
  assert.equal(err, 'canceled\n');
  assert.equal(code, 0);
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.links.yml down --remove-orphans');
});

// No Engine 30 has been released: this is the version alone, and what was announced for it.
test('on Engine 30 links are those of a user-defined network, up, down and in a comparison', async (t) => {
  const { env, calls } = await fakeDocker(t, '"inspect"*) echo none >&2; exit 1;;', '30.0.0');
  const files = 'compose -f docker-compose.links.yml -f deploy/links-network.yml';
  const composed = async () => (await calls()).filter((call) => / (up|down) /.test(call));
  const { code, err } = await cli(['up', 'links', '--detach'], { env });
  assert.match(
    err,
    /^Docker has ended links on the default bridge with Engine 30\. These are links on a user-defined /,
  );
  assert.equal(code, 0);
  assert.deepEqual(await composed(), [`${files} up --build --wait -d`]);
  await cli(['down', 'links'], { env });
  assert.equal((await composed()).at(-1), `${files} down --remove-orphans`);
  await cli(['compare'], { env });
  assert.equal((await composed()).filter((call) => call.startsWith(files)).length, 4);
});

test('a failure of Compose is shown in its own words', async (t) => {
  const { env } = await fakeDocker(t, '*" up "*) echo "no such service: moon" >&2; exit 14;;');
  const { code, err } = await cli(['up', 'links'], { env });
  assert.deepEqual(err.split('\n'), [
    'no such service: moon',
    'What did start is still there: "counter status" shows it, "docker compose -f docker-compose.links.yml logs" tells why, "counter down links" takes it away.',
    'docker compose -f docker-compose.links.yml up failed with exit code 14: no such service: moon',
    '',
  ]);
  assert.equal(code, 1);
});

test('a port that is taken is named, with the variable that changes it', async (t) => {
  const said = 'Bind for 0.0.0.0:8080 failed: port is already allocated';
  const { env } = await fakeDocker(t, `*" up "*) echo "${said}" >&2; exit 1;;`);
  const { code, err } = await cli(['up', 'networks'], { env });
  const sentence = 'port 8080 is taken by another program; set PROXY_PORT to a free one, as in PROXY_PORT=8081 make up';
  assert.ok(err.endsWith(`\n${sentence}\n`), err);
  assert.equal(code, 2);
});

test('a port that is taken by our own cluster: which one, and how to stop it', async (t) => {
  const said = 'Bind for 0.0.0.0:8081 failed: port is already allocated';
  const { env } = await fakeDocker(t, `${PS}\n*" up "*) echo "${said}" >&2; exit 1;;`);
  const { code, err } = await cli(['up', 'links'], { env });
  const sentence =
    'port 8081 is taken by our own cluster "networks", which "npx counter down networks" stops; set PROXY_PORT to a free one, as in PROXY_PORT=8081 make up';
  assert.ok(err.endsWith(`\n${sentence}\n`), err);
  assert.equal(code, 2);
});

test('down takes what is up, and data only with --volumes', async (t) => {
  const { env, calls } = await fakeDocker(t, PS);
  const given = { env: { ...env, LOCAL_DATA: await emptyFolder(t) } };
  assert.deepEqual(await cli(['down'], given), { code: 0, out: 'networks stopped\n', err: '' });
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.yml down --remove-orphans');

  const asked = await cli(['down', 'links', '--volumes'], given);
  assert.equal(asked.code, 2);
  assert.equal(
    asked.err,
    'Delete what Redis stored for links? Not a terminal, so it cannot ask. Confirm with --yes.\n',
  );
  await cli(['down', 'links', '--volumes', '--yes'], given);
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.links.yml down --remove-orphans --volumes');
});

for (const [name, versions, sentence] of [
  ['an old engine', ['Engine 24.0.9', '2.40.3'], 'Docker Engine 24.0.9 is older than 25'],
  ['an old Compose', ['Engine 28.5.2', '2.24.6-desktop.1'], 'Docker Compose 2.24.6 is older than 2.26'],
] as const) {
  test(`${name} is told in one sentence`, async (t) => {
    const { env, calls } = await fakeDocker(t, '', ...versions);
    const { code, err } = await cli(['up', 'networks'], { env });
    assert.equal(code, 1);
    assert.equal(err, `Containers need Docker, but ${sentence}. "counter up local" needs none.\n`);
    assert.deepEqual(await calls(), []);
  });
}

for (const versions of [
  ['Podman Engine 5.8.0', 'v2.40.3'],
  ['Engine 25.0.0', '2.26.0'],
  ['Engine 29.1.0', '5.0.1'],
] as const) {
  test(`${versions.join(' with Compose ')} is new enough`, async (t) => {
    const { env, calls } = await fakeDocker(t, '', ...versions);
    await cli(['up', 'networks', '--detach'], { env });
    assert.ok((await calls()).some((call) => call.includes(' up ')));
  });
}

test('down --volumes deletes the data of what is stopped, too', async (t) => {
  const { env, calls } = await fakeDocker(
    t,
    '"volume ls"*-links*=redis-data) echo container-counter-links_redis-data;;',
  );
  const { out } = await cli(['down', '--volumes', '--yes'], { env: { ...env, LOCAL_DATA: await emptyFolder(t) } });
  assert.equal(out, 'links stopped\n');
  const downs = (await calls()).filter((call) => call.includes(' down '));
  assert.deepEqual(downs, ['compose -f docker-compose.links.yml down --remove-orphans --volumes']);
});

test('without Docker: nothing is running, and containers cannot be had', async (t) => {
  const env = { PATH: '', LOCAL_DATA: await emptyFolder(t) };
  assert.deepEqual(await cli(['down'], { env }), { code: 0, out: 'nothing is running\n', err: '' });
  const down = await cli(['down', 'networks'], { env });
  assert.equal(down.err, 'The containers cannot be stopped: no Docker Engine is running.\n');
  assert.equal(down.code, 1);
  const swarm = await cli(['down', 'swarm'], { env });
  assert.deepEqual([swarm.code, swarm.err], [1, 'The stack needs Docker, but no Docker Engine is running.\n']);
  const up = await cli(['up', 'links'], { env });
  assert.equal(up.err, 'Containers need Docker, but no Docker Engine is running. "counter up local" needs none.\n');
  assert.equal(up.code, 1);
});

/** No cluster without containers has its data there. */
const emptyFolder = (t: TestContext): Promise<string> => temporaryFolder(t, 'empty');
