// What hosted CI and a dev container run is in the repository; they themselves do not run here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

test('CI runs .ci/run, and builds what docker-bake.hcl describes', () => {
  const commands = [...read('.github/workflows/ci.yml').matchAll(/- run: (.*)/g)].map(([, command]) => command);
  assert.deepEqual(commands, ['sudo env "PATH=$PATH" .ci/run', "docker buildx bake --set '*.output=type=cacheonly'"]);
});

test('the dev container has a Node that can start the project, Docker inside, and the port of the proxy', () => {
  const { image, features, forwardPorts } = JSON.parse(read('.devcontainer/devcontainer.json'));
  const { engines } = JSON.parse(read('package.json'));
  const version = Number(/javascript-node:(\d+)-/.exec(image)?.[1]);
  assert.ok(version >= Number(/^>=(\d+)$/.exec(engines.node)?.[1]), image);
  assert.ok(Object.keys(features).some((name) => name.includes('/docker-in-docker:')));
  assert.deepEqual(forwardPorts, [8080]);
});
