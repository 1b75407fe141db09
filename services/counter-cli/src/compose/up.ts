// Builds and starts the containers of one wiring, follows their logs, and takes them down on the signal to stop.
import { logs, upAll } from 'docker-compose';

import { isTerminal, print, type Terminal } from '../terminal.ts';
import { whatToTry } from '../what-to-try.ts';
import { type ContainerVariant, composeCommand, optionsFor, orFail, streamTo } from './compose.ts';
import { listContainers } from './containers.ts';
import { downContainers } from './down.ts';

/** @param detach leave them running @throws {Failed} when Compose does */
export const upContainers = async (terminal: Terminal, variant: ContainerVariant, detach: boolean): Promise<void> => {
  const stop = terminal.stopSignal();
  let stopped = false;
  void stop.then(() => {
    stopped = true;
  });
  const { env } = terminal;
  const up = orFail(
    upAll({ ...optionsFor(variant, env, '--build', '--wait'), ...streamTo(terminal) }),
    `${composeCommand(variant)} up`,
  );
  // Ctrl-C reaches Compose too, which then fails: that is no failure, but what is there already must go.
  await up.catch((error) => {
    if (stopped) return;
    terminal.stderr.write(`${remains(variant)}\n`);
    throw error;
  });
  if (!stopped) {
    const { url } = await listContainers(variant, env);
    print(
      terminal,
      whatToTry(
        url ?? 'http://localhost:8080',
        LIST_KEYS[variant],
        detach ? `"npx counter down ${variant}" stops it.` : undefined,
      ),
    );
    if (detach) return;
    await Promise.race([stop, follow(terminal, variant)]);
  }
  print(terminal, 'stopping');
  await downContainers(terminal, variant, false);
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

// Ends by itself when the containers are gone: somebody else took them down.
const follow = async (terminal: Terminal, variant: ContainerVariant): Promise<void> => {
  const options = optionsFor(variant, terminal.env, '--tail', '0');
  const composeOptions = ['--ansi', isTerminal(terminal.stdout) ? 'always' : 'never'];
  await logs([], { ...options, composeOptions, ...streamTo(terminal), follow: true, maxOutputLength: 0 }).catch(
    () => {},
  );
};
