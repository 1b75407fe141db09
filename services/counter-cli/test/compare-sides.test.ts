// Which clusters a comparison starts, and which of them it removes.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

// The comparison itself ends at its first question, so that only starting and ending are left.
const fake = (t: TestContext, networks: string, services = 'proxy\\nweb\\nredis\\n') =>
  fakeDocker(
    t,
    `"ps "*"project=container-counter "*) printf '${networks}';;
"ps "*) ;;
"inspect --format"*) printf '${services}';;
"inspect"*) echo 'no such container' >&2; exit 1;;
"compose "*) ;;`,
  );

const composed = async (calls: () => Promise<string[]>): Promise<string[]> =>
  (await calls())
    .filter((call) => call.startsWith('compose'))
    .map((call) => call.replace(/^compose -f /, ''))
    .sort();

const UP = (file: string) => `${file} up --build --wait -d`;
const DOWN = (file: string) => `${file} down --volumes --remove-orphans --timeout 2`;
const NETWORKS = 'docker-compose.yml';
const LINKS = 'docker-compose.links.yml';

test('what is not up is started, and goes with its data when the comparison ends, however it ends', async (t) => {
  const { env, calls } = await fake(t, '');
  const { code, err } = await cli(['compare'], { env });
  assert.equal(code, 1);
  assert.match(err, /^networks is started on port \d+\nlinks is started on port \d+\n/);
  assert.deepEqual(await composed(calls), [DOWN(LINKS), UP(LINKS), DOWN(NETWORKS), UP(NETWORKS)]);
});

test('what is up stays as it is', async (t) => {
  const { env, calls } = await fake(t, 'aaa\\nbbb\\nccc\\n');
  await cli(['compare'], { env });
  assert.deepEqual(await composed(calls), [DOWN(LINKS), UP(LINKS)]);
});

test('--keep leaves all', async (t) => {
  const { env, calls } = await fake(t, '');
  await cli(['compare', '--keep'], { env });
  assert.deepEqual(await composed(calls), [UP(LINKS), UP(NETWORKS)]);
});

test('a cluster that is up in part is refused', async (t) => {
  const { env, calls } = await fake(t, 'aaa\\n', 'web\\n');
  const { code, err } = await cli(['compare'], { env });
  assert.equal(
    err,
    'networks is up only in part, without proxy and redis. Start it, or stop the rest: counter down networks\n',
  );
  assert.equal(code, 1);
  assert.deepEqual(await composed(calls), []);
});
