// What `up`, `down` and `status` ask of a swarm, and what they say where there is none; two real engines are in test/e2e.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const MANAGER = `"info "*LocalNodeState*) echo active true;;
"info "*NodeID*) echo node-1;;
"compose "*) ;;
"secret ls"*) ;;
"node ls --quiet") echo node-1;;
"node inspect"*Labels*) echo '<no value>';;
"stack deploy"*) echo deployed;;
"network ls"*|"ps "*) ;;`;

for (const [state, why] of [
  ['inactive false', 'this machine is in no swarm; make one with "docker swarm init"'],
  ['active false', 'this machine is a worker of its swarm; ask one of its managers'],
] as const) {
  test(`where the state of the swarm is "${state}"`, async (t) => {
    const { env } = await fakeDocker(t, `"info "*) echo ${state};;`);
    assert.deepEqual(await cli(['up', 'swarm'], { env }), {
      code: 1,
      out: '',
      err: `The stack needs a swarm, but ${why}.\n`,
    });
    assert.equal((await cli(['down', 'swarm'], { env })).err, `The stack cannot be stopped: ${why}.\n`);
  });
}

test('down removes the rest of a stack whose network was still in use by a task that ends', async (t) => {
  const { env, calls } = await fakeDocker(
    t,
    `"info "*) echo active true;;
"stack rm"*) [ -e "$0.rm" ] || { touch "$0.rm"; echo 'FailedPrecondition desc = network n is in use by task t' >&2; exit 1; };;`,
  );
  assert.deepEqual(await cli(['down', 'swarm'], { env }), { code: 0, out: 'swarm stopped\n', err: '' });
  assert.equal((await calls()).filter((call) => call.startsWith('stack rm')).length, 2);
});

test('up makes the secret and the place of the data before it deploys', async (t) => {
  const whole = `${MANAGER}
"stack services"*) echo '{"Name":"container-counter_web","Replicas":"3/3"}';;
"service inspect"*UpdateStatus*) echo '{}';;
"service inspect"*) echo 8081;;`;
  const { env, calls } = await fakeDocker(t, whole);
  const { code, out, err } = await cli(['up', 'swarm'], { env });
  assert.equal(err, '');
  assert.equal(code, 0);
  assert.match(out, /^The counter is up: http:\/\/localhost:8081$/m);
  const changes = (await calls()).filter((call) => / (create|update|deploy) /.test(call));
  assert.deepEqual(
    changes.map((call) => call.replace(/\S*docker-stack/, 'docker-stack')),
    [
      'secret create redis-password -',
      'node update --label-add redis=here node-1',
      'stack deploy --resolve-image never --compose-file docker-stack.yml container-counter',
    ],
  );
});

test('up builds nothing of published images, and has their digests looked up', async (t) => {
  const whole = `${MANAGER}
"stack services"*) echo '{"Name":"container-counter_web","Replicas":"3/3"}';;
"service inspect"*) echo '{}';;`;
  const { env, calls } = await fakeDocker(t, whole);
  const { code, err } = await cli(['up', 'swarm'], { env: { ...env, PULL_POLICY: 'missing' } });
  assert.equal(code, 0, err);
  const all = await calls();
  assert.deepEqual(
    all.filter((call) => call.startsWith('compose ')),
    [],
  );
  assert.match(
    all.find((call) => call.startsWith('stack deploy')) ?? '',
    /^stack deploy --with-registry-auth --compose-/,
  );
});

test('up refuses a variable that the file of the stack does not read', async (t) => {
  const { env, calls } = await fakeDocker(t, MANAGER);
  const { code, err } = await cli(['up', 'swarm'], { env: { ...env, WEB_IMAGE: 'web:2' } });
  assert.equal(code, 2);
  assert.match(
    err,
    /^WEB_IMAGE and PROXY_IMAGE are for Compose\. IMAGE_PREFIX and IMAGE_TAG name the images of the stack/,
  );
  assert.deepEqual(
    (await calls()).filter((call) => !call.startsWith('info ')),
    [],
  );
});

test('up leaves the secret and the place of the data as they are', async (t) => {
  const there = `"secret ls"*) echo redis-password;;
"node inspect"*Labels*) echo here;;
"stack services"*) echo '{"Name":"container-counter_web","Replicas":"3/3"}';;
"service inspect"*UpdateStatus*) echo '{}';;
${MANAGER}`;
  const { env, calls } = await fakeDocker(t, there);
  assert.equal((await cli(['up', 'swarm'], { env })).code, 0);
  assert.deepEqual(
    (await calls()).filter((call) => /^(secret create|node update)/.test(call)),
    [],
  );
});

test('an update that was rolled back is a failure', async (t) => {
  const failed = `{"State":"rollback_completed","CompletedAt":"2999-01-01T00:00:00Z","Message":"rollback completed"}`;
  const { env } = await fakeDocker(
    t,
    `${MANAGER}
"stack services"*) echo '{"Name":"container-counter_web","Replicas":"3/3"}';;
"service inspect"*UpdateStatus*) echo '${failed}';;`,
  );
  const { code, err } = await cli(['up', 'swarm'], { env });
  assert.equal(code, 1);
  assert.match(
    err,
    /^container-counter_web runs as it was before: the new tasks did not stay healthy \(rollback completed\)\.\n$/,
  );
});
