// What a test registers ends the last first, and all of it though a part fails.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { afterwards, createEnds } from '@container-counter/testing/ends';

const SOURCES = {
  'a test': () => {
    const hooks: (() => unknown)[] = [];
    const t = { after: (hook) => void hooks.push(hook as () => unknown) } as Pick<TestContext, 'after'>;
    return {
      t,
      end: async () => {
        for (const hook of hooks) await hook(); // as node:test does
      },
    };
  },
  'a list of its own': createEnds,
};

for (const [name, create] of Object.entries(SOURCES)) {
  test(`of ${name}`, async () => {
    const { t, end } = create();
    const ended: string[] = [];
    afterwards(t, () => ended.push('first'));
    afterwards(t, () => assert.fail('second'));
    afterwards(t, async () => {
      ended.push('third');
      afterwards(t, () => ended.push('meanwhile'));
    });
    await assert.rejects(end, { message: 'second' });
    assert.deepEqual(ended, ['third', 'meanwhile', 'first']);
  });
}
