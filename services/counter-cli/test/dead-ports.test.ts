// A published port that leads nowhere is found, and the one that would be right is named.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { listeningIn } from '../src/docker/listeners.ts';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';
import { inspectCases, inspected } from './inspected.ts';

// Of a container in which node listens on 3000 of every address, and 8080 and 9090 are for loopback alone.
const TABLE = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4231 1 0000000000000000 100 0 0 10 0
   1: 0B00007F:AC11 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4232 1 0000000000000000 100 0 0 10 0
   2: 020011AC:0BB8 010011AC:D2F6 06 00000000:00000000 03:00000B07 00000000     0        0 0 3 0000000000000000
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4233 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:2382 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4234 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:2383 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4235 1 0000000000000000 100 0 0 10 0
`;

test('the ports on which a container listens for others', () => assert.deepEqual(listeningIn(TABLE), [3000]));

const whyLocalhost = async (t: Parameters<typeof fakeDocker>[0], inside: string, table: string) => {
  const port = await freePort();
  const app = inspected('aaa', 'app', {}, { ports: { [inside]: [{ HostPort: `${port}` }, { HostPort: `${port}` }] } });
  const other = inspected('bbb', 'other', {}, { ports: { '9/tcp': [{ HostPort: '9' }] } });
  const { env } = await fakeDocker(t, `${inspectCases([app, other])}\n"exec aaa sh"*) printf '%s' '${table}';;`);
  const { code, out } = await cli(['why', `127.0.0.1:${port}`], { env });
  return { code, said: out.split('\n\n').at(-2)?.trimEnd().replaceAll(`${port}`, 'PORT') };
};

test('a port of this machine that leads to the wrong one inside', async (t) => {
  assert.deepEqual(await whyLocalhost(t, '8080/tcp', TABLE), {
    code: 1,
    said: 'localhost:PORT leads nowhere. Port PORT of this machine leads to port 8080 of app, which listens on 3000. Start it with -p PORT:3000.',
  });
  assert.match((await whyLocalhost(t, '8080/tcp', '')).said ?? '', /of app, which listens on no port\.$/);
});

test('the right one is not blamed', async (t) =>
  assert.match((await whyLocalhost(t, '3000/tcp', TABLE)).said ?? '', /refused the connection/));
