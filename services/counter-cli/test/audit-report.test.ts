// The document that audits write: a section for each variant, and each audit replaces its own, and nothing else.
import assert from 'node:assert/strict';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { writeReport } from '../src/audit/document.ts';
import { createIncidents } from '../src/audit/incidents.ts';
import type { Audit } from '../src/audit/run-audit.ts';
import { judge } from '../src/audit/verdict.ts';
import { cli } from './cli.ts';

const auditOf = (counted: number): Audit => {
  const incidents = createIncidents();
  incidents.begin({ kind: 'kill-proxy', at: 17, victim: 0 });
  incidents.failedAttempt('ECONNREFUSED', true);
  incidents.response(1234.5);
  incidents.healthy('the proxy was killed');
  const reckoning = { acknowledged: 12345, duplicates: 0, gaps: 0, outside: 0 };
  const moved = { before: 0, after: counted, stored: { requests: counted, byReplicas: counted } };
  const all = incidents.all();
  return { reckoning, moved, verdict: judge(reckoning, moved, all), incidents: all, longestWaitMs: 1235, seconds: 60 };
};

const options = { requests: 12345, concurrency: 8, seed: 3, count: 1 };

test('two variants, one of them a second time', async (t) => {
  const folder = await temporaryFolder(t, 'report');
  const file = join(folder, 'report.md');
  writeReport(file, 'networks', options, auditOf(12345));
  writeReport(file, 'local', options, auditOf(12344));
  const first = await readFile(file, 'utf8');
  assert.deepEqual(first.match(/^## .*$/gm), ['## networks: good', '## local: bad']);
  assert.match(first, /^counter audit networks -n 12345 -c 8 --seed 3 --count 1$/m);
  assert.match(first, /^\| lost: acknowledged, but not counted \| 1 \|$/m);
  assert.match(first, /^\| kill -9 the proxy, and restart it \| 1 \| 1 \| 1 × ECONNREFUSED \| 0 \| 1235 \|$/m);

  writeReport(file, 'local', options, auditOf(12345));
  const second = await readFile(file, 'utf8');
  assert.deepEqual(second.match(/^## .*$/gm), ['## networks: good', '## local: good']);
  writeReport(file, 'local', options, auditOf(12345));
  assert.equal((await readFile(file, 'utf8')).length, second.length);
});

const AFTER = '\nA remark.\n\n# More\n\n## Day two\n\nc\n';

for (const [end, before] of [
  ['LF', '# Notes\n\nMine.\n\n## local network\n\na\n\n## local: day one\n\nb'],
  ['CRLF', '---\r\ntitle: x\r\n---\r\n\r\n## local\r\n\r\na\r\n'],
] as const) {
  test(`what somebody wrote before a report, with ${end}, and after it, stays as it is`, async (t) => {
    const file = join(await temporaryFolder(t, 'report'), 'notes.md');
    await writeFile(file, before);
    writeReport(file, 'local', options, auditOf(12344));
    await appendFile(file, AFTER);
    writeReport(file, 'local', options, auditOf(12345));
    const document = await readFile(file, 'utf8');
    assert.ok(document.startsWith(before) && document.endsWith(`|\n${AFTER}`), document);
    assert.deepEqual(document.match(/^## local: (good|bad)$/gm), ['## local: good']);
    assert.doesNotMatch(document, /^# Reliability$/m);
  });
}

test('a document that cannot be written is named before anything is started', async (t) => {
  const folder = await temporaryFolder(t, 'report');
  const { code, err } = await cli(['audit', '--report', folder], { env: { PATH: '' } });
  assert.match(err, /^The report cannot be written: EISDIR: .*\.\n$/);
  assert.equal(code, 1);
});
