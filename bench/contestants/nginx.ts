// The same replicas behind nginx: with as many kept connections to them as ours, and with its defaults.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cleanup } from '@container-counter/testing/ends';
import type { Contestant, ProxyOptions } from '../contestant.ts';
import { startDaemon } from '../daemon.ts';

const start = async (t: Cleanup, { port, upstreams, folder }: ProxyOptions, keep: boolean): Promise<number> => {
  const file = join(folder, 'nginx.conf');
  await writeFile(
    file,
    `
daemon off;
worker_processes auto;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events { worker_connections 16384; }
http {
  access_log ${folder}/nginx-access.log;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_body_buffer_size 128k;
  proxy_buffers 16 8k;
  keepalive_requests 1000000000;
  upstream counter {
    ${upstreams.map((upstream) => `server 127.0.0.1:${upstream};`).join('\n    ')}
    ${keep ? 'keepalive 64; keepalive_requests 1000000000;' : ''}
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://counter;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $remote_addr;
      ${keep ? 'proxy_http_version 1.1; proxy_set_header Connection "";' : ''}
    }
  }
}
`,
  );
  return startDaemon(t, folder, port, 'nginx', ['-p', folder, '-c', file, '-e', 'stderr']);
};

export const nginxKeepAlive: Contestant = {
  name: 'nginx keep-alive',
  about: 'the same replicas behind nginx, with 64 keep-alive connections per worker',
  replica: 'counter',
  needs: 'nginx',
  proxy: (t, options) => start(t, options, true),
};

export const nginxDefault: Contestant = {
  name: 'nginx default',
  about: 'the same replicas behind nginx, with what it does by default',
  replica: 'counter',
  needs: 'nginx',
  proxy: (t, options) => start(t, options, false),
};

export const classic: Contestant = {
  ...nginxDefault,
  name: 'classic',
  about: 'what tutorials build: nginx by default, Express 4, node-redis, and an await for each command',
  replica: 'classic',
};
