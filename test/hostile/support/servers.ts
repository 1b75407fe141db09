// Starts the proxy, nginx and HAProxy, each before a recorder of its own, with limits that are short.
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '@container-counter/network/free-ports';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';
import { type Program, start } from '@container-counter/testing/process';
import { startService } from '@container-counter/testing/services';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { converse } from './converse.ts';
import { type Recorder, startRecorder } from './recorder.ts';

export type Subject = { readonly port: number; readonly recorder: Recorder; readonly program: Program };

/** Settings of the proxy under which a slow client is cut within half a second. */
export const QUICK_LIMITS = {
  HEADER_TIMEOUT_MS: '300',
  IDLE_TIMEOUT_MS: '1000',
  REQUEST_TIMEOUT_MS: '1000',
  HEALTH_INTERVAL_MS: '200',
};

/** Starts the proxy, and waits until it has found the recorder. */
export const startOurs = async (t: Cleanup, env: Readonly<Record<string, string>> = QUICK_LIMITS): Promise<Subject> => {
  const recorder = await startRecorder(t);
  const service = await startService(t, 'proxy', { UPSTREAMS: `127.0.0.1:${recorder.port}`, ...env });
  await service.line(/"message":"upstream is healthy"/);
  return { port: service.port, recorder, program: service };
};

/** Starts nginx as it would stand in front of the counter, from a folder of its own. */
export const startNginx = (t: Cleanup): Promise<Subject> =>
  startOther(t, 'nginx', (folder, port, upstream) => ({
    text: nginxConfig(folder, port, upstream),
    args: (file) => ['-p', folder, '-c', file, '-e', 'stderr'],
  }));

/** Starts HAProxy as it would stand in front of the counter, from a folder of its own. */
export const startHaproxy = (t: Cleanup): Promise<Subject> =>
  startOther(t, 'haproxy', (_folder, port, upstream) => ({
    text: haproxyConfig(port, upstream),
    args: (file) => ['-db', '-f', file],
  }));

/** The first line that `command` says of its version, or undefined where it is not on this machine. */
export const versionOf = (command: 'nginx' | 'haproxy'): string | undefined => {
  const { status, stdout, stderr } = spawnSync(command, ['-v'], { encoding: 'utf8' });
  return status === 0 ? /\d+(\.\d+)+/.exec(stdout + stderr)?.[0] : undefined;
};

type Setup = { readonly text: string; readonly args: (file: string) => readonly string[] };

const startOther = async (
  t: Cleanup,
  command: string,
  setup: (folder: string, port: number, upstream: number) => Setup,
): Promise<Subject> => {
  const recorder = await startRecorder(t);
  const folder = await temporaryFolder(t, 'hostile');
  const port = await freePort();
  const { text, args } = setup(folder, port, recorder.port);
  const file = join(folder, `${command}.conf`);
  await writeFile(file, text);
  const program = start(t, command, args(file));
  await eventually(async () => {
    const { open } = await converse(port, 'GET / HTTP/1.1\r\nHost: counter.example\r\n\r\n');
    // Another program at its port would respond too, and not contact this recorder.
    const requested = recorder.requests.length > 0;
    if (!open || !requested) throw new Error(`${command} does not respond:\n${program.lines.join('\n')}`);
  });
  return { port, recorder, program };
};

const nginxConfig = (folder: string, port: number, upstream: number): string => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr crit;
events { worker_connections 512; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_header_timeout 300ms;
  client_body_timeout 300ms;
  keepalive_timeout 500ms;
  lingering_timeout 300ms;
  client_max_body_size 1m;
  upstream counter { server 127.0.0.1:${upstream} max_fails=0; keepalive 4; }
  map $http_upgrade $connection_upgrade { default ""; websocket upgrade; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://counter;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_read_timeout 3s;
    }
  }
}
`;

const haproxyConfig = (port: number, upstream: number): string => `
defaults
  mode http
  timeout connect 1s
  timeout server 1s
  timeout client 500ms
  timeout http-request 300ms
  timeout http-keep-alive 500ms
frontend clients
  bind 127.0.0.1:${port}
  http-request set-header X-Forwarded-For %[src]
  default_backend counter
backend counter
  server counter 127.0.0.1:${upstream}
`;
