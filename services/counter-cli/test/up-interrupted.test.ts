// Ctrl-C reaches every program of the terminal, so what `counter up` asks of Docker fails then: what is up must go all the
// same, and nobody is told of a failure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '@container-counter/testing/eventually';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const WHEN = {
  'before it starts anything': '"ps "*) touch "$0.interrupted"; sleep 0.2; exit 130;;',
  'while Compose starts it': '"compose "*" up "*) touch "$0.interrupted"; sleep 0.2; exit 130;;',
  'when it has started': `"compose "*" up "*) touch "$0.up";;
"ps "*) if [ -e "$0.up" ]; then touch "$0.interrupted"; sleep 0.2; exit 130; fi;;`,
};

for (const [when, cases] of Object.entries(WHEN)) {
  test(`interrupted ${when}, the cluster is stopped`, async (t) => {
    const { env, calls, has } = await fakeDocker(t, cases);
    const interrupted = eventually(() => assert.ok(has('interrupted')), { every: 5 });
    const interrupt = interrupted.then((): NodeJS.Signals => 'SIGINT');
    const { code, out, err } = await cli(['up', 'networks'], { env, interrupt });
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^stopping$/m);
    assert.match((await calls()).at(-1) ?? '', /^compose .* down/);
  });
}
