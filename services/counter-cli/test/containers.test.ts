// What `up`, `down` and `status` ask of `docker compose`, and what they make of its answers; the engine itself is tested elsewhere.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Status } from '../src/status.ts';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const PS = `
*"-f docker-compose.yml ps "*)
  echo '{"Name":"cc-web-10","State":"running","Health":"healthy","Publishers":null}'
  echo '{"Name":"cc-web-2","State":"running","Health":"starting","Publishers":[{"PublishedPort":0}]}'
  echo '{"Name":"cc-proxy-1","State":"running","Health":"","Publishers":[{"PublishedPort":8081}]}';;
*" ps "*) ;;
inspect*) echo '[
  {"Name":"/cc-web-2","NetworkSettings":{"Networks":{"back":{"IPAddress":"172.18.0.4"},"front":{"IPAddress":"172.19.0.4"}}}},
  {"Name":"/cc-proxy-1","NetworkSettings":{"Networks":{"front":{"IPAddress":""}}}}]';;`;

test('status lists containers in natural order, with their address on each network', async (t) => {
  const { env } = await fakeDocker(t, PS);
  const { code, out } = await cli(['status', '--json'], { env: { ...env, LOCAL_DATA: await emptyFolder(t) } });
  assert.equal(code, 0);
  assert.deepEqual(JSON.parse(out) as Status, {
    up: [
      {
        variant: 'networks',
        url: 'http://localhost:8081',
        parts: [
          { name: 'cc-proxy-1', state: 'running', addresses: [] },
          { name: 'cc-web-2', state: 'running, starting', addresses: ['172.18.0.4 on back', '172.19.0.4 on front'] },
          { name: 'cc-web-10', state: 'running, healthy', addresses: [] },
        ],
      },
    ],
    noContainers: null,
  });
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
  assert.equal((await calls())[0], 'compose -f docker-compose.yml up --build --wait -d');
  assert.ok(!(await calls()).some((call) => call.includes(' down')));
});

test('up without a variant is networks; Ctrl-C takes it down, and keeps the data', async (t) => {
  const { env, calls } = await fakeDocker(t, `${PS}\n*" logs "*) echo 'web-1 | hello';;`);
  const { code, out } = await cli(['up'], { env });
  assert.equal(code, 0);
  assert.match(out, /^web-1 \| hello$/m);
  const commands = (await calls()).filter((call) => !/ ps |^inspect/.test(call));
  assert.deepEqual(commands, [
    'compose -f docker-compose.yml up --build --wait -d',
    'compose --ansi never -f docker-compose.yml logs --tail 0 --follow',
    'compose -f docker-compose.yml down --remove-orphans',
  ]);
});

test('Ctrl-C while it starts takes down what is there, and is no failure', async (t) => {
  const { env, calls } = await fakeDocker(t, '*" up "*) echo canceled >&2; exit 130;;');
  const { code, err } = await cli(['up', 'links'], { env, interrupt: Promise.resolve('SIGINT') });
  assert.equal(err, 'canceled\n');
  assert.equal(code, 0);
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.links.yml down --remove-orphans');
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

test('down takes what is up, and data only with --volumes', async (t) => {
  const { env, calls } = await fakeDocker(t, PS);
  const given = { env: { ...env, LOCAL_DATA: await emptyFolder(t) } };
  assert.deepEqual(await cli(['down'], given), { code: 0, out: 'networks is down\n', err: '' });
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.yml down --remove-orphans');

  const asked = await cli(['down', 'links', '--volumes'], given);
  assert.equal(asked.code, 2);
  assert.equal(asked.err, 'Delete what Redis stored for links? Nobody can be asked here: say yes with --yes.\n');
  await cli(['down', 'links', '--volumes', '--yes'], given);
  assert.equal((await calls()).at(-1), 'compose -f docker-compose.links.yml down --remove-orphans --volumes');
});

test('without Docker: nothing is up, and containers cannot be had', async (t) => {
  const env = { PATH: '', LOCAL_DATA: await emptyFolder(t) };
  assert.deepEqual(await cli(['down'], { env }), { code: 0, out: 'nothing is up\n', err: '' });
  const down = await cli(['down', 'networks'], { env });
  assert.equal(down.err, 'The containers cannot be stopped: no Docker Engine answers here.\n');
  assert.equal(down.code, 1);
  const up = await cli(['up', 'links'], { env });
  assert.equal(up.err, 'Containers need Docker, but no Docker Engine answers here. "counter up local" needs none.\n');
  assert.equal(up.code, 1);
});

/** No cluster without containers has its data there. */
const emptyFolder = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'counter-empty-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
};
