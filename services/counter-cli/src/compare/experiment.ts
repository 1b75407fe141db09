// Tests links and aliases on throwaway containers: startup order, restart and recreation.
import type { FailureKind } from '@container-counter/network/failure';
import type { Environment } from '@container-counter/service/environment';
import type { Why } from '@container-counter/why/why';
import type { ContainerVariant } from '../docker/compose/compose.ts';
import type { Docker } from '../docker/docker.ts';
import { askWhy, imageOf, redisImageOf } from '../docker/exec/ask.ts';
import { untilReady } from '../docker/exec/until-ready.ts';

/** How the client got to its source, at one moment. */
export type Moment = {
  /** Where the source is. */
  readonly address: string;
  /** Where the client finds it. */
  readonly found: string | null;
  readonly failure: FailureKind | null;
};

export type Experiment = {
  /** The result of starting the client before its source. */
  readonly clientFirst: { readonly message: string; readonly started: boolean };
  readonly first: Moment;
  /** After the source was stopped and started, and got another address. */
  readonly restarted: Moment;
  /** The variable of the link in the client's first process then. */
  readonly variable: string | null;
  /** After the source was recreated with another address. */
  readonly recreated: Moment;
  /** How another container, which has no link, reaches the source. */
  readonly stranger: FailureKind | null;
  /** The variables of the source that the client can read. */
  readonly copied: readonly string[];
};

/** `network-links` are links on a user-defined network: an alias that only the client resolves. */
export type Kind = ContainerVariant | 'network-links';

/** @throws {CommandError} when Docker does */
export const experiment = async (docker: Docker, env: Environment, variant: Kind): Promise<Experiment> => {
  const linked = variant !== 'networks';
  const onBridge = variant === 'links';
  const name = (part: string) => `counter-compare-${variant}-${part}`;
  const alias = linked ? 'redis' : 'db';
  const network = name('network');
  const run = (part: string, ...args: string[]) =>
    docker('run', '--detach', '--init', '--name', name(part), ...(onBridge ? [] : ['--network', network]), ...args);
  const idle = [imageOf(env), 'sleep', '600'];
  const runSource = async () => {
    await run(
      'source',
      ...(linked ? [] : ['--network-alias', alias]),
      '--env',
      'SECRET=of-the-source',
      redisImageOf(env),
    );
    await untilReady(docker, name('source'), 'redis');
  };
  const runClient = () => run('client', ...(linked ? ['--link', `${name('source')}:${alias}`] : []), ...idle);
  const why = (part: string): Promise<Why> => askWhy(docker, env, name(part), alias);
  const addressOf = (part: string) => docker('inspect', '--format', ADDRESS, name(part));
  const moment = async (): Promise<Moment & { readonly why: Why }> => {
    const found = await why('client');
    const { attempts, failure } = found;
    return {
      address: await addressOf('source'),
      found: attempts[0]?.address ?? null,
      failure: failure?.kind ?? null,
      why: found,
    };
  };
  const plain = ({ why: _, ...rest }: Moment & { readonly why: Why }): Moment => rest;
  const clean = async () => {
    const left = await docker('ps', '--all', '--quiet', '--filter', `name=^${name('')}`);
    if (left !== '') await docker('rm', '--force', '--volumes', ...left.split('\n'));
    if (!onBridge) await docker('network', 'rm', '--force', network);
  };

  await clean(); // what one that was killed may have left
  try {
    if (!onBridge) await docker('network', 'create', network);
    const clientFirst = await runClient().then(
      async () => ({ message: (await why('client')).failure?.sentence ?? '', started: true }),
      ({ message }: Error) => ({ message: DAEMON.exec(message)?.[1] ?? message, started: false }),
    );
    await runSource();
    if (!clientFirst.started) {
      await docker('rm', '--force', name('client')).catch(() => {}); // Docker may have made it, and not started it
      await runClient();
    }
    await run('stranger', ...idle);
    const stranger = (await why('stranger')).failure?.kind ?? null;
    const { why: whyFirst, ...first } = await moment();

    // Another container takes the address that the source released.
    await docker('stop', '--time', '2', name('source'));
    await run('squatter', ...idle);
    await docker('start', name('source'));
    await untilReady(docker, name('source'), 'redis');
    const restarted = plain(await moment());
    const environment = await docker('exec', name('client'), 'cat', '/proc/1/environ');
    const variable = environment.split('\0').find((line) => line.startsWith(`${alias.toUpperCase()}_PORT=`)) ?? null;

    await docker('rm', '--force', '--volumes', name('source'));
    await run('squatter2', ...idle);
    await runSource();
    const recreated = plain(await moment());
    const copied = whyFirst.name.linkVariables?.copied ?? [];
    return { clientFirst, first, restarted, variable, recreated, stranger, copied };
  } finally {
    await clean();
  }
};

const ADDRESS = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';

const DAEMON = /Error response from daemon: (.*?)\.?(?:\n|$)/;
