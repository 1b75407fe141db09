// The same replicas behind Caddy.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant } from '../contestant.ts';
import { startDaemon } from '../daemon.ts';

export const caddy: Contestant = {
  name: 'Caddy',
  about: 'the same replicas behind Caddy, with keep-alive connections',
  replica: 'counter',
  needs: 'caddy',
  proxy: async (t, { port, upstreams, folder }) => {
    const file = join(folder, 'Caddyfile');
    await writeFile(
      file,
      `
{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  log
  reverse_proxy ${upstreams.map((upstream) => `127.0.0.1:${upstream}`).join(' ')} {
    lb_policy round_robin
  }
}
`,
    );
    const home = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    return startDaemon(t, folder, port, 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], home);
  },
};
