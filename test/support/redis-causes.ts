// Real servers with which a replica cannot count, each for a reason of its own, and the cure that the sentence for it names.
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import type { FailureKind } from '@container-counter/network/failure-kind';
import { freePort } from '@container-counter/network/free-ports';
import { listening } from '@container-counter/testing/listening';
import { start } from '@container-counter/testing/process';
import { startRedis } from '@container-counter/testing/redis';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { Redis } from 'ioredis';

// Redis compresses strings of one letter.
const blob = (): string => randomBytes(512).toString('hex');

/** Where a replica is sent, with what variables, and what makes that work. */
export type Cause = {
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Carries out the cure. @param command the one of redis-cli that `counter why` names, if any
   * @returns what changes in the settings of the replica
   */
  readonly cure: (
    command: readonly string[],
  ) => Promise<{ readonly url?: string; readonly env?: Readonly<Record<string, string>> } | undefined>;
};

export type CauseOf = {
  readonly kind: FailureKind;
  /** The cause at work, or why it cannot be had here. */
  readonly make: (t: TestContext) => Promise<Cause | string>;
  /** What works as if nothing was wrong, because it is not about this hit. */
  readonly unseen?: readonly 'readyz'[];
};

/** A client for what an operator does; closed when the test ends. */
const operator = (t: TestContext, port: number, options = {}): Redis => {
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => null, enableReadyCheck: false, ...options }).on(
    'error',
    () => {},
  );
  t.after(() => redis.disconnect());
  return redis;
};

/** The cure by which the replica is sent to a Redis that works. */
const anotherRedis = (t: TestContext) => async () => ({ url: (await startRedis(t)).url });

/** The cure that `counter why` names, carried out at `redis`. @param words what it leaves to the user */
const asSaid =
  (redis: Redis, words: Readonly<Record<string, string>> = {}): Cause['cure'] =>
  async ([command = '', ...args]) => {
    await redis.call(command, ...args.map((arg) => words[arg] ?? arg));
    return undefined;
  };

/** A Redis that `args` cripple, and the command that helps, where that is not the one that is named. */
const crippled =
  (args: readonly string[], ...cure: readonly string[]) =>
  async (t: TestContext): Promise<Cause> => {
    const { url, port } = await startRedis(t, { args });
    const said = asSaid(operator(t, port));
    return { url, cure: (command) => said(cure.length > 0 ? cure : command) };
  };

/** Somebody else's value under a key of the counter. */
const foreign =
  (...store: readonly [string, ...string[]]) =>
  async (t: TestContext): Promise<Cause> => {
    const { url, port } = await startRedis(t);
    const redis = operator(t, port);
    await redis.call(...store);
    return { url, cure: asSaid(redis) };
  };

/** A user who may do everything but what `rules` take away. */
const user =
  (...rules: readonly string[]) =>
  async (t: TestContext): Promise<Cause> => {
    const { port } = await startRedis(t);
    const redis = operator(t, port);
    await redis.call('ACL', 'SETUSER', 'guest', 'on', '>secret', ...rules);
    return {
      url: `redis://guest:secret@127.0.0.1:${port}`,
      cure: asSaid(redis, { NAME: 'guest' }),
    };
  };

/** A key and a certificate for `name`, self-signed; undefined where there is no openssl. */
const certificate = async (t: TestContext, name: string): Promise<{ key: string; cert: string } | undefined> => {
  if (spawnSync('openssl', ['version']).status !== 0) return undefined;
  const folder = await temporaryFolder(t, 'cause');
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', ['req', '-x509', ...ec, ...subject, '-keyout', key, '-out', cert]);
  return { key, cert };
};

const NO_OPENSSL = 'openssl is not on the path';

/** A Redis that speaks TLS on one port, and plainly on another, for the operator. */
const tlsRedis = async (t: TestContext, name: string, clients: 'yes' | 'no') => {
  const files = await certificate(t, name);
  if (files === undefined) return undefined;
  const tlsPort = await freePort();
  const tls = ['--tls-port', `${tlsPort}`, '--tls-cert-file', files.cert, '--tls-key-file', files.key];
  const trust = ['--tls-ca-cert-file', files.cert, '--tls-auth-clients', clients];
  const { port } = await startRedis(t, { args: [...tls, ...trust] });
  return { tlsPort, port, trusting: { NODE_EXTRA_CA_CERTS: files.cert } };
};

export const REDIS_CAUSES: Readonly<Record<string, CauseOf>> = {
  'nobody listens': {
    kind: 'refused',
    make: async (t) => {
      const port = await freePort();
      return {
        url: `redis://127.0.0.1:${port}`,
        cure: async () => {
          await startRedis(t, { port });
          return undefined;
        },
      };
    },
  },
  'another port': {
    kind: 'refused',
    make: async (t) => {
      const { url } = await startRedis(t);
      return { url: `redis://127.0.0.1:${await freePort()}`, cure: async () => ({ url }) };
    },
  },
  'a name that nobody has': {
    kind: 'unresolved',
    make: async (t) => {
      const { url } = await startRedis(t);
      return { url: 'redis://nobody.invalid:6379', cure: async () => ({ url }) };
    },
  },
  'a host that does not respond': {
    kind: 'unanswered',
    make: async (t) => {
      // While nobody accepts, and the queue of connections is full, the system drops what comes next, as a firewall does.
      const script = `const s = require('net').createServer(); s.listen(0, '127.0.0.1', 1, () => console.log(s.address().port))`;
      const { line, child } = start(t, process.execPath, ['-e', script]);
      const port = Number(await line(/^\d+$/));
      child.kill('SIGSTOP');
      const accepted = async (): Promise<boolean> => {
        const socket = connect(port, '127.0.0.1').on('error', () => {});
        t.after(() => socket.destroy());
        return once(socket, 'connect', { signal: AbortSignal.timeout(300) }).then(
          () => true,
          () => false,
        );
      };
      while (await accepted());
      return { url: `redis://127.0.0.1:${port}`, cure: anotherRedis(t) };
    },
  },
  'a Redis that is paused': {
    kind: 'silent',
    make: async (t) => {
      const { url, program } = await startRedis(t);
      program.child.kill('SIGSTOP');
      return {
        url,
        cure: async () => {
          program.child.kill('SIGCONT');
          return undefined;
        },
      };
    },
  },
  'a server that closes each connection': {
    kind: 'closed',
    make: async (t) => {
      const port = await listening(
        t,
        createServer((socket) => void socket.end()),
      );
      return { url: `redis://127.0.0.1:${port}`, cure: anotherRedis(t) };
    },
  },
  'protected mode': {
    kind: 'protected mode',
    make: async (t) => {
      const { port } = await startRedis(t, { args: ['--requirepass', ''] });
      // Up to Redis 7.0 an address of loopback other than the usual ones is taken for another host.
      const relay = await listening(
        t,
        createServer((socket) => {
          const onward = connect({ port, host: '127.0.0.1', localAddress: '127.0.0.2' });
          socket.on('error', () => onward.destroy()).on('close', () => onward.destroy());
          onward.on('error', () => socket.destroy());
          socket.pipe(onward).pipe(socket);
        }),
      );
      const redis = operator(t, port);
      const other = operator(t, relay, { maxRetriesPerRequest: 0 });
      if ((await other.ping().catch(() => 'denied')) === 'PONG')
        return 'this Redis takes all of loopback for its own host';
      return {
        url: `redis://127.0.0.1:${relay}`,
        cure: asSaid(redis),
      };
    },
  },
  'all clients that it allows are there': {
    kind: 'too many clients',
    make: async (t) => {
      const { url, port } = await startRedis(t, { args: ['--maxclients', '2'] });
      const clients = [operator(t, port), operator(t, port)];
      await Promise.all(clients.map((client) => client.ping()));
      return {
        url,
        cure: async () => {
          await clients[0]?.config('SET', 'maxclients', 100);
          return undefined;
        },
      };
    },
  },
  'a web server': {
    kind: 'not redis',
    make: async (t) => ({
      url: `redis://127.0.0.1:${await listening(
        t,
        createHttpServer((_req, res) => void res.end('hello')),
      )}`,
      cure: anotherRedis(t),
    }),
  },
  'a mail server': {
    kind: 'not redis',
    make: async (t) => {
      const greet = (socket: Socket) => void socket.write('220 mail.example.net ESMTP\r\n');
      return { url: `redis://127.0.0.1:${await listening(t, createServer(greet))}`, cure: anotherRedis(t) };
    },
  },
  'a web server with TLS': {
    kind: 'tls required',
    make: async (t) => {
      const files = await certificate(t, 'localhost');
      if (files === undefined) return NO_OPENSSL;
      const server = createHttpsServer({ key: await readFile(files.key), cert: await readFile(files.cert) });
      return { url: `redis://127.0.0.1:${await listening(t, server)}`, cure: anotherRedis(t) };
    },
  },
  'a Redis with TLS, asked without': {
    kind: 'tls required',
    make: async (t) => {
      const redis = await tlsRedis(t, 'localhost', 'no');
      if (redis === undefined) return NO_OPENSSL;
      const { tlsPort, trusting } = redis;
      return {
        url: `redis://localhost:${tlsPort}`,
        env: trusting,
        cure: async () => ({ url: `rediss://localhost:${tlsPort}` }),
      };
    },
  },
  'a Redis without TLS, asked with it': {
    kind: 'no tls',
    make: async (t) => {
      const { url, port } = await startRedis(t);
      return { url: `rediss://127.0.0.1:${port}`, cure: async () => ({ url }) };
    },
  },
  'a certificate that nobody signed': {
    kind: 'certificate',
    make: async (t) => {
      const redis = await tlsRedis(t, 'localhost', 'no');
      if (redis === undefined) return NO_OPENSSL;
      return { url: `rediss://localhost:${redis.tlsPort}`, cure: async () => ({ env: redis.trusting }) };
    },
  },
  'a certificate for another name': {
    kind: 'certificate',
    make: async (t) => {
      const redis = await tlsRedis(t, 'localhost', 'no');
      if (redis === undefined) return NO_OPENSSL;
      return {
        url: `rediss://127.0.0.1:${redis.tlsPort}`,
        env: redis.trusting,
        cure: async () => ({ url: `rediss://localhost:${redis.tlsPort}` }),
      };
    },
  },
  'a Redis that wants certificates from its clients': {
    kind: 'client certificate',
    make: async (t) => {
      const redis = await tlsRedis(t, 'localhost', 'yes');
      if (redis === undefined) return NO_OPENSSL;
      return {
        url: `rediss://localhost:${redis.tlsPort}`,
        env: redis.trusting,
        cure: async () => {
          await operator(t, redis.port).config('SET', 'tls-auth-clients', 'no');
          return undefined;
        },
      };
    },
  },
  'no password': {
    kind: 'password',
    make: async (t) => {
      const { url, port } = await startRedis(t, { args: ['--requirepass', 'secret'] });
      return { url, cure: async () => ({ url: `redis://:secret@127.0.0.1:${port}` }) };
    },
  },
  'another password': {
    kind: 'password',
    make: async (t) => {
      const { port } = await startRedis(t, { args: ['--requirepass', 'secret'] });
      return {
        url: `redis://:wrong@127.0.0.1:${port}`,
        cure: async () => ({ url: `redis://:secret@127.0.0.1:${port}` }),
      };
    },
  },
  'another user': {
    kind: 'password',
    make: async (t) => {
      const { url, port } = await startRedis(t);
      return { url: `redis://nobody:secret@127.0.0.1:${port}`, cure: async () => ({ url }) };
    },
  },
  'a user without rights': { kind: 'no permission', make: user('+ping', '+info', '+@read', '~*') },
  'a user who may not run scripts': { kind: 'no permission', make: user('+@all', '-@scripting', '~*') },
  'a user who may not count': { kind: 'no permission', make: user('+@all', '-incr', '~*') },
  'a user of other keys': { kind: 'no permission', make: user('+@all', '~records:*') },
  'a list where all hits are counted': { kind: 'wrong type', make: foreign('RPUSH', 'requests', 'x') },
  'a word where all hits are counted': { kind: 'wrong type', make: foreign('SET', 'requests', 'abc') },
  'a number that cannot grow': {
    kind: 'wrong type',
    make: foreign('SET', 'requests', `${2n ** 63n - 1n}`),
  },
  'a number that is too large': { kind: 'wrong type', make: foreign('SET', 'requests', `${2n ** 64n}`) },
  'a fraction where all hits are counted': { kind: 'wrong type', make: foreign('SET', 'requests', '1.5') },
  'a string where the replicas are counted': { kind: 'wrong type', make: foreign('SET', 'counters', 'x') },
  'a fraction where a replica is counted': {
    kind: 'wrong type',
    make: foreign('ZADD', 'counters', '1.5', 'web1'),
    unseen: ['readyz'],
  },
  'no number where a replica is counted': {
    kind: 'wrong type',
    make: foreign('ZADD', 'counters', 'inf', 'web1'),
    unseen: ['readyz'],
  },
  'a word where a client is counted': {
    kind: 'wrong type',
    make: foreign('HSET', 'ip', '127.0.0.1', 'many'),
    unseen: ['readyz'],
  },
  'a database that it does not have': {
    kind: 'no such database',
    make: async (t) => {
      const { url } = await startRedis(t);
      return { url: `${url}/99`, cure: async () => ({ url: `${url}/0` }) };
    },
  },
  'a database with an impossible number': {
    kind: 'no such database',
    make: async (t) => {
      const { url } = await startRedis(t);
      return { url: `${url}/99999999999999999999`, cure: async () => ({ url: `${url}/0` }) };
    },
  },
  'a Redis that loads its data': {
    kind: 'loading',
    make: async (t) => {
      const folder = await temporaryFolder(t, 'cause');
      const port = await freePort();
      const first = await startRedis(t, { port, args: ['--dir', folder] });
      const redis = operator(t, port);
      await redis.mset(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`key${i}`, blob()])));
      await redis.call('SHUTDOWN', 'SAVE').catch(() => {});
      await first.program.stop();
      // Slowed down by a setting that Redis has for its own tests; hastened by the same one.
      const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--key-load-delay', '50000'];
      const program = start(t, 'redis-server', [
        ...own,
        '--save',
        '',
        '--loading-process-events-interval-bytes',
        '1024',
      ]);
      await program.line(/Loading RDB|Server initialized/);
      const impatient = operator(t, port);
      return {
        url: `redis://127.0.0.1:${port}`,
        cure: async () => {
          await impatient.config('SET', 'key-load-delay', '0');
          await program.line(/Ready to accept connections/);
          return undefined;
        },
      };
    },
  },
  'a Redis that runs a script without end': {
    kind: 'busy',
    make: async (t) => {
      const { url, port } = await startRedis(t, { args: ['--lua-time-limit', '50'] });
      const redis = operator(t, port);
      const waiting = operator(t, port);
      await waiting.ping();
      const ended = redis.eval('while true do end', 0).catch(() => {});
      return {
        url,
        cure: async (command) => {
          await asSaid(waiting)(command);
          await ended;
          return undefined;
        },
      };
    },
  },
  'a read-only replica': {
    kind: 'read-only',
    make: async (t) => {
      const primary = await startRedis(t);
      return crippled(['--replicaof', `127.0.0.1 ${primary.port}`])(t);
    },
  },
  'a replica that lost its primary': {
    kind: 'read-only',
    make: async (t) => {
      const nobody = ['--replicaof', `127.0.0.1 ${await freePort()}`, '--replica-serve-stale-data', 'no'];
      return crippled(nobody)(t);
    },
  },
  'a primary without its replicas': {
    kind: 'too few replicas',
    make: crippled(['--min-replicas-to-write', '1'], 'CONFIG', 'SET', 'min-replicas-to-write', '0'),
  },
  'no memory left': {
    kind: 'out of memory',
    make: crippled(['--maxmemory', '100kb']),
  },
  'no memory left, and nothing that may be evicted': {
    kind: 'out of memory',
    make: crippled(['--maxmemory', '100kb', '--maxmemory-policy', 'volatile-lru']),
  },
  'data that cannot be saved': {
    kind: 'cannot persist',
    make: async (t) => {
      const folder = await temporaryFolder(t, 'cause');
      const inTheWay = join(folder, 'dump.rdb');
      const { url, port } = await startRedis(t, { args: ['--dir', folder, '--save', '3600 1'] });
      await mkdir(inTheWay);
      const redis = operator(t, port);
      const save = async (status: 'ok' | 'err') => {
        await redis.bgsave();
        for (;;) {
          const info = await redis.info('persistence');
          if (info.includes('rdb_bgsave_in_progress:0') && info.includes(`rdb_last_bgsave_status:${status}`)) return;
        }
      };
      await redis.set('something', '1');
      await save('err');
      return {
        url,
        cure: async () => {
          await rmdir(inTheWay);
          await save('ok');
          return undefined;
        },
      };
    },
  },
  'a node of a Redis Cluster': {
    kind: 'cluster',
    make: async (t) => ({ url: (await startRedis(t, { cluster: true })).url, cure: anotherRedis(t) }),
  },
  'a Sentinel': {
    kind: 'unknown command',
    make: async (t) => {
      const folder = await temporaryFolder(t, 'cause');
      const port = await freePort();
      const config = join(folder, 'sentinel.conf');
      await writeFile(config, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n`);
      await start(t, 'redis-server', [config, '--sentinel']).line(/Sentinel ID/);
      return { url: `redis://127.0.0.1:${port}`, cure: anotherRedis(t) };
    },
  },
};
