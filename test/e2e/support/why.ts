// Containers to ask `counter why` in, as people run it, and the remedies that it suggests.
import assert from 'node:assert/strict';
import type { FailureKind } from '@container-counter/network/failure';
import { eventually } from '@container-counter/testing/eventually';
import type { Why } from '@container-counter/why/why';
import { cli } from '../../../services/counter-cli/test/cli.ts';
import { docker } from './engine.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;

export const WEB = 'counter-test-why/web';

/** A container of our image that does nothing: to ask from, or to find no server in. */
export const IDLE = ['--init', WEB, 'sleep', '600'];

export const FRONT = ['--network', 'why-front'];
export const BACK = ['--network', 'why-back'];

/** Builds the image, and makes the networks: `why-front`, and `why-back`, which has no way out. */
export const prepare = async (): Promise<void> => {
  await clean(); // what an interrupted run may have left
  await docker('build', '--quiet', '--tag', WEB, '--target', 'web', ROOT);
  await docker('network', 'create', 'why-front');
  await docker('network', 'create', '--internal', 'why-back');
};

export const clean = async (): Promise<void> => {
  const left = await docker('ps', '--all', '--quiet', '--filter', 'name=^why-');
  if (left !== '') await docker('rm', '--force', '--volumes', ...left.split('\n'));
  await docker('network', 'rm', '--force', 'why-front', 'why-back');
};

/** Starts the container `why-NAME`. */
export const run = (name: string, ...args: readonly string[]): Promise<string> =>
  docker('run', '--detach', '--name', `why-${name}`, ...args);

/** Starts a Redis as `why-NAME`, and waits until it replies, even if with an error. */
export const runRedis = async (
  name: string,
  flags: readonly string[],
  ...options: readonly string[]
): Promise<void> => {
  await run(name, ...flags, 'redis', 'redis-server', ...options);
  await eventually(() => docker('exec', `why-${name}`, 'redis-cli', 'ping'));
};

/** @param wrap a command that `counter` is run by */
export const ask = async (from: string, host: string, ...wrap: readonly string[]): Promise<Why> => {
  const shell = `counter why --json ${host}; echo $?`;
  const printed = await docker('exec', `why-${from}`, ...wrap, 'sh', '-c', shell);
  const [json = '', code] = printed.split('\n');
  const why = JSON.parse(json) as Why;
  assert.equal(code, why.reachable ? '0' : '1');
  return why;
};

export const fails = async (from: string, host: string, ...kinds: readonly FailureKind[]): Promise<Why> => {
  const why = await ask(from, host);
  assert.ok(why.failure !== null && kinds.includes(why.failure.kind), `${why.failure?.kind}, not ${kinds}`);
  return why;
};

/** With `--from`, which also asks containers in which Docker runs nothing. */
export const whyFromOutside = (from: string, host: string): Promise<Why> => whyOf(host, '--from', `why-${from}`);

/** As asked on the machine itself. */
export const whyFromHere = (host: string): Promise<Why> => whyOf(host);

const whyOf = async (...args: readonly string[]): Promise<Why> => {
  const env = { ...(process.env as Record<string, string>), WEB_IMAGE: WEB };
  const { code, out, err } = await cli(['why', '--json', ...args], { env });
  assert.notEqual(out, '', err);
  const why = JSON.parse(out) as Why;
  assert.equal(code, why.reachable ? 0 : 1, err);
  return why;
};

export const failsFromOutside = async (from: string, host: string, kind: FailureKind): Promise<Why> => {
  const why = await whyFromOutside(from, host);
  assert.equal(why.failure?.kind, kind, why.failure?.sentence ?? 'reachable');
  return why;
};

export const addressOn = (network: string, name: string): Promise<string> =>
  docker('inspect', '--format', `{{(index .NetworkSettings.Networks "${network}").IPAddress}}`, `why-${name}`);

/** Runs the remedies that `pick` selects, with the placeholders filled in. */
export const applyRemedies = async (
  { failure }: Why,
  pick: (command: string) => boolean,
  words: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const commands = failure?.remedies.map(({ command }) => command).filter(pick) ?? [];
  assert.ok(commands.length > 0, JSON.stringify(failure?.remedies));
  for (const command of commands) {
    const [, ...args] = command.split(' ').map((word) => words[word] ?? word);
    await docker(...args);
  }
};
