// Of what Compose writes while it builds and starts, a person sees what took long, what is ready, and every trouble.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from '../src/docker/compose/progress.ts';

const shown = (text: string): string[] => {
  const show = createProgress();
  return text
    .split('\n')
    .map(show)
    .filter((line) => line !== undefined);
};

test('a first start', () => {
  const seen = shown(`#1 [internal] load local bake definitions
#1 reading from stdin 965B done
#1 DONE 0.0s

#14 [web manifests 5/9] COPY packages/testing/package.json packages/testing/
#14 CACHED
#23 [web packages 1/1] RUN npm ci --omit=dev
#23 31.85 added 87 packages in 31s
#23 DONE 32.1s
 redis Pulling
 3c9f35e4a1b2 Download complete
 redis Pulled
 container-counter/web:latest  Built
 Network frontend-network  Creating
 Network frontend-network  Created
 Volume container-counter_redis-data  Created
 Container container-counter-redis-1  Starting
 Container container-counter-redis-1  Started
 Container container-counter-redis-1  Waiting
 Container container-counter-redis-1  Healthy
 Container container-counter-web-2  Started
 Container container-counter-redis-1  Healthy
 Container container-counter-web-2  Healthy
`);
  assert.deepEqual(seen, [
    'Building the images.',
    '[web packages 1/1] RUN npm ci --omit=dev: 32 s',
    ' redis Pulling',
    ' redis Pulled',
    'container-counter-redis-1 is ready.',
    'container-counter-web-2 is ready.',
  ]);
});

test('containers that run already are no news', () => {
  assert.deepEqual(
    shown(' Container a-redis-1  Running\n Container a-redis-1  Waiting\n Container a-redis-1 Healthy'),
    [],
  );
});

test('trouble is shown as it is', () => {
  const trouble = [
    ' Container container-counter-web-2  Error',
    'dependency failed to start: container container-counter-web-2 is unhealthy',
    '------',
    ' > [web packages 1/1] RUN npm ci --omit=dev:',
    '0.351 npm error code E404',
    'target web: failed to solve: process "/bin/sh -c npm ci" did not complete successfully: exit code: 1',
  ];
  assert.deepEqual(shown(trouble.join('\n')), trouble);
});
