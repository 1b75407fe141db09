// Builds and starts the containers of one wiring, or rolls a change out to them, follows their logs, and takes them down on the signal to stop.
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { logs, upMany } from 'docker-compose';
import { readConfig } from '../../config.ts';
import { createLogView, keyHint } from '../../log-view.ts';
import { nextSteps } from '../../next-steps.ts';
import { holderOf } from '../../port-holder.ts';
import { ROOT } from '../../project.ts';
import { isTerminal, print, printFolded, type Terminal } from '../../terminal.ts';
import { currentCluster } from '../containers.ts';
import { dockerIn } from '../docker.ts';
import { inspectAll } from '../inspect.ts';
import { misconnectionsOf } from '../misconnected.ts';
import {
  type ContainerVariant,
  composeCommand,
  endOfLinks,
  filesFor,
  optionsFor,
  orFail,
  PortTaken,
  streamTo,
} from './compose.ts';
import { downContainers } from './down.ts';
import { rollOut } from './roll-out.ts';
import { staleClients } from './stale-links.ts';

type Options = {
  /** Leave them running. */
  readonly detach: boolean;
  /** Copy changed sources into them, which reload. */
  readonly watch: boolean;
};

/** @throws {CommandError} when Compose does */
export const upContainers = async (
  terminal: Terminal,
  variant: ContainerVariant,
  { detach, watch }: Options,
): Promise<void> => {
  const stop = terminal.stopSignal();
  let stopped = false;
  void stop.then(() => {
    stopped = true;
  });
  const { env } = terminal;
  const config = await filesFor(variant, env, watch);
  const ended = endOfLinks(config);
  if (ended !== undefined) terminal.stderr.write(`${ended}\n`);
  const start = (flag: '--build' | '--force-recreate', services: readonly string[] = []) =>
    orFail(
      upMany([...services], { ...optionsFor(variant, env, flag, '--wait'), config, ...streamTo(terminal) }),
      `${composeCommand(variant)} up`,
    );
  const renewStale = async (): Promise<void> => {
    const stale = variant === 'links' && !stopped ? await staleClients(terminal) : [];
    if (stale.length > 0) await start('--force-recreate', stale);
  };
  const up = rollOut(terminal, variant, config, () => stopped).then(async (replaced) => {
    // At once: Docker checks the health of a stale client no more, and Compose would find it unhealthy after 30 s.
    if (replaced) await renewStale();
    if (!stopped) await start('--build');
    await renewStale();
  });
  // Ctrl-C reaches what this runs too, which then fails, maybe before the signal is seen here: that is no failure, but what
  // is there already must go.
  const unlessStopped = async (error: unknown): Promise<undefined> => {
    await Promise.race([stop, sleep(SIGNAL_MS)]);
    if (!stopped) throw error;
  };
  await up.catch(unlessStopped).catch(async (error) => {
    terminal.stderr.write(`${remains(variant)}\n`);
    if (!(error instanceof PortTaken)) throw error;
    throw new PortTaken(error.port, await holderOf(error.port, readConfig(env), env), { cause: error });
  });
  const all = stopped ? undefined : await inspectAll(dockerIn(env)).catch(unlessStopped);
  let started: readonly string[] = []; // unknown while it is stopped before its end
  if (all !== undefined) {
    const cluster = currentCluster(all, variant, env);
    started = (cluster?.containers ?? []).map(({ Id }) => Id);
    print(
      terminal,
      nextSteps(
        cluster?.url ?? 'http://localhost:8080',
        LIST_KEYS[variant],
        detach ? `"npx counter down ${variant}" stops it.` : `Ctrl-C stops it.${keyHint(terminal)}`,
      ),
    );
    for (const { sentence } of misconnectionsOf(cluster?.containers ?? [], all)) terminal.stderr.write(`${sentence}\n`);
    if (detach) return;
    const watcher = watch ? startWatch(terminal, config) : undefined;
    await Promise.race([stop, follow(terminal, variant)]);
    watcher?.kill();
  }
  if (started.length > 0 && !(await anyLeft(terminal, started))) {
    return printFolded(terminal, 'Its containers were removed by somebody else; there is nothing left to stop.');
  }
  print(terminal, 'stopping');
  await downContainers(terminal, variant, false);
};

const SIGNAL_MS = 100;

// What is up when none is left was started since, and is not this command's to stop.
const anyLeft = async ({ env }: Terminal, ids: readonly string[]): Promise<boolean> => {
  const listed = await dockerIn(env)('ps', '--all', '--quiet', '--no-trunc').catch(() => undefined);
  return listed === undefined || listed.split('\n').some((id) => ids.includes(id));
};

const remains = (variant: ContainerVariant): string =>
  `What did start is still there: "counter status" shows it, "${composeCommand(variant)} logs" tells why, "counter down ${variant}" takes it away.`;

const LIST_KEYS: Readonly<Record<ContainerVariant, readonly string[]>> = {
  networks: ["docker compose exec redis redis-cli keys '*'", 'docker compose run --rm cli keys'],
  links: [
    "docker exec redis-server redis-cli keys '*'",
    'docker compose -f docker-compose.links.yml run --rm cli keys',
  ],
};

// Never ends by itself.
const startWatch = ({ env, stdout, stderr }: Terminal, config: readonly string[]): ChildProcess => {
  const files = config.flatMap((file) => ['-f', file]);
  const watcher = spawn('docker', ['compose', ...files, 'watch', '--no-up'], { cwd: ROOT, env: { ...env } });
  watcher.once('error', (error) => stderr.write(`The sources are not watched: ${error.message}.\n`));
  watcher.stdout.pipe(stdout, { end: false });
  watcher.stderr.pipe(stderr, { end: false });
  return watcher;
};

// Ends by itself when the containers were removed by another command.
const follow = async (terminal: Terminal, variant: ContainerVariant): Promise<void> => {
  const view = createLogView(terminal);
  const options = optionsFor(variant, terminal.env, '--tail', '0');
  const composeOptions = ['--ansi', isTerminal(terminal.stdout) ? 'always' : 'never'];
  const chunks = new PassThrough();
  // Compose writes `web-1  | ` before each line, on a terminal in a colour.
  createInterface(chunks).on('line', (shown) => view.add(shown.slice(shown.indexOf('{')), shown));
  const callback = (chunk: Buffer, source?: 'stdout' | 'stderr') =>
    source === 'stderr' ? terminal.stderr.write(chunk) : chunks.write(chunk);
  await logs([], { ...options, composeOptions, callback, follow: true, maxOutputLength: 0 }).catch(() => {});
  view.close();
};
