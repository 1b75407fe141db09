// Writes docs/hostile-input.md: runs every case against the proxy, nginx and HAProxy.
import { writeFile } from 'node:fs/promises';
import { withCleanup } from '@container-counter/testing/cleanup';
import { documentOf } from './support/document.ts';
import { versionOf } from './support/servers.ts';
import { runCases } from './support/table.ts';

const [nginx, haproxy] = [versionOf('nginx'), versionOf('haproxy')];
if (nginx === undefined || haproxy === undefined) {
  process.stderr.write(
    'The table compares with nginx and HAProxy. Install both, such as by apt-get install nginx haproxy.\n',
  );
  process.exit(1);
}

await withCleanup(async (t) => {
  const file = new URL('../../docs/hostile-input.md', import.meta.url);
  await writeFile(file, documentOf(await runCases(t), { nginx, haproxy }));
});
