// Each case of hostile input: the response, and what the upstream gets. One request never becomes two.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { documentOf, ownCells } from './support/document.ts';
import { versionOf } from './support/servers.ts';
import { isLaxer, runCases } from './support/table.ts';

const { nginx = 'none', haproxy = 'none' } = { nginx: versionOf('nginx'), haproxy: versionOf('haproxy') };
const alone = [nginx, haproxy].includes('none') && 'nginx and HAProxy are not both on this machine';

test('hostile input', async (t) => {
  const rows = await runCases(t);

  for (const { topic, tried, ours } of rows) {
    await t.test(`${topic}: ${tried.name}`, () => {
      const { statuses, open, seen, carries, never, says } = tried.expected;
      assert.deepEqual(
        { statuses: ours.statuses, open: ours.open, seen: ours.seen, faults: ours.faults },
        { statuses, open, seen, faults: [] },
      );
      if (carries) assert.match(ours.carried, carries);
      if (never) assert.doesNotMatch(ours.carried, never);
      if (says) assert.match(ours.received, says);
    });
  }

  await t.test('each has a name of its own and a source', () => {
    assert.ok(rows.length >= 120);
    const names = rows.map(({ topic, tried }) => `${topic}: ${tried.name}`);
    assert.deepEqual([...new Set(names)], names);
    assert.ok(rows.every(({ tried }) => tried.source !== ''));
  });

  await t.test('the proxy is laxer than both nginx and HAProxy only where it says why', { skip: alone }, () => {
    const laxer = rows.filter(isLaxer).map(({ tried }) => tried.name);
    const explained = rows.filter(({ tried }) => tried.laxer !== undefined).map(({ tried }) => tried.name);
    assert.deepEqual(laxer, explained);
  });

  await t.test('the document shows their results', () => {
    const document = readFileSync(new URL('../../docs/hostile-input.md', import.meta.url), 'utf8');
    assert.deepEqual(ownCells(document), ownCells(documentOf(rows, { nginx, haproxy })));
  });
});
