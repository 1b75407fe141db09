// Runs every case against the proxy, nginx and HAProxy, and writes docs/hostile-input.md; with --cases it prints the outcome of
// each case instead.
import { writeFile } from 'node:fs/promises';
import { withCleanup } from '@container-counter/testing/cleanup';
import { casesOf, documentOf } from './support/document.ts';
import { versionOf } from './support/servers.ts';
import { runCases } from './support/table.ts';

const [nginx, haproxy] = [versionOf('nginx'), versionOf('haproxy')];
if (nginx === undefined || haproxy === undefined) {
  process.stderr.write(
    'The report compares the proxy with nginx and HAProxy. Install both, for example with apt-get install nginx haproxy.\n',
  );
  process.exit(1);
}

await withCleanup(async (t) => {
  const rows = await runCases(t);
  if (process.argv.includes('--cases')) return void process.stdout.write(casesOf(rows));
  await writeFile(new URL('../../docs/hostile-input.md', import.meta.url), documentOf(rows, { nginx, haproxy }));
});
