// The same replicas behind HAProxy, whose connections to them are kept.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant } from '../contestant.ts';
import { startDaemon } from '../daemon.ts';

export const haproxy: Contestant = {
  name: 'HAProxy',
  about: 'the same replicas behind HAProxy, with keep-alive connections',
  replica: 'counter',
  needs: 'haproxy',
  proxy: async (t, { port, upstreams, folder }) => {
    const file = join(folder, 'haproxy.cfg');
    await writeFile(
      file,
      `
global
  log stdout format raw local0
defaults
  mode http
  log global
  option httplog
  option forwardfor
  http-reuse always
  timeout connect 2s
  timeout client 60s
  timeout server 10s
frontend clients
  bind 127.0.0.1:${port}
  default_backend counter
backend counter
  balance roundrobin
${upstreams.map((upstream, i) => `  server web${i + 1} 127.0.0.1:${upstream}`).join('\n')}
`,
    );
    return startDaemon(t, folder, port, 'haproxy', ['-db', '-f', file]);
  },
};
