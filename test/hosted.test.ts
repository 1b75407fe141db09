// What hosted CI and a dev container run is in the repository; they themselves do not run here.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

test('CI runs .ci/run where private engines can be made, and builds what docker-bake.hcl describes', () => {
  const workflow = read('.github/workflows/ci.yml');
  const commands = [...workflow.matchAll(/- run: (.*)/g)].map(([, command]) => command);
  assert.deepEqual(
    commands.filter((command) => !command?.startsWith('apt-get ')),
    ['.ci/run', "docker buildx bake --set '*.output=type=cacheonly'"],
  );
  // With a Docker of its own, tests would be skipped, which .ci/run refuses.
  assert.match(workflow, /^ {6}image: debian:\w+\n {6}options: --privileged /m);
});

test('the dev container has a Node that can start the project, Docker inside, and the port of the proxy', () => {
  const { image, features, forwardPorts } = JSON.parse(read('.devcontainer/devcontainer.json'));
  const { engines } = JSON.parse(read('package.json'));
  const version = Number(/javascript-node:(\d+)-/.exec(image)?.[1]);
  assert.ok(version >= Number(/^>=(\d+)$/.exec(engines.node)?.[1]), image);
  assert.ok(Object.keys(features).some((name) => name.includes('/docker-in-docker:')));
  assert.deepEqual(forwardPorts, [8080]);
});
