// `counter down`: stops what is running.
import { Argument, Command } from 'commander';
import { type Config, readConfig } from '../config.ts';
import { confirm } from '../confirm.ts';
import { downContainers, withVolume } from '../docker/compose/down.ts';
import { whyNoContainers } from '../docker/engine.ts';
import { downSwarm } from '../docker/swarm/down.ts';
import { CommandError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { deleteLocalData, downLocal, hasLocalData } from '../local/down.ts';
import { requireProject, VARIANTS, type Variant } from '../project.ts';
import { readStatus, type Up } from '../status.ts';
import { print, type Terminal } from '../terminal.ts';

type Options = { readonly volumes?: boolean; readonly yes?: boolean };

export const down = (terminal: Terminal): Command =>
  new Command('down')
    .description('Stop the cluster; the data in Redis is kept.')
    .addArgument(new Argument('[variant]', 'variant to stop (default: all that are running)').choices(VARIANTS))
    .option('--volumes', 'also delete the data in Redis')
    .option('-y, --yes', 'do not ask for confirmation')
    .addHelpText('after', HELP)
    .action(async (requested: Variant | undefined, { volumes = false, yes = false }: Options) => {
      requireProject();
      const config = readConfig(terminal.env);
      const targets = await targetsFor(terminal, config, requested, volumes);
      if (targets.length === 0) return print(terminal, 'nothing is running');
      if (volumes && !yes)
        await confirm(terminal, `Delete what Redis stored for ${targets.map(nameOf).join(' and ')}?`);
      for (const target of targets) await stop(terminal, config, target, volumes);
    });

type Target = Pick<Up, 'variant' | 'project'>;

const nameOf = ({ variant, project }: Target): string =>
  project === undefined ? variant : `${variant} (project ${project})`;

// A named variant is taken down even if nothing is running: its networks and volumes may be left. With `volumes`, so is
// each whose data are.
const targetsFor = async (
  { env }: Terminal,
  config: Config,
  requested: Variant | undefined,
  volumes: boolean,
): Promise<Target[]> => {
  if (requested === 'local' || requested === 'swarm') return [{ variant: requested }];
  const { up, noContainers } = await readStatus(config, env);
  if (requested === undefined) {
    const isUp = (variant: Variant) => up.some((one) => one.variant === variant);
    const kept: Variant[] = !volumes ? [] : noContainers === null ? await withVolume(env) : [];
    if (volumes && hasLocalData(config)) kept.push('local');
    return [...up, ...kept.filter((variant) => !isUp(variant)).map((variant) => ({ variant }))];
  }
  const found = up.filter(({ variant }) => variant === requested);
  return found.length === 0 ? [{ variant: requested }] : found;
};

const stop = async (terminal: Terminal, config: Config, target: Target, volumes: boolean): Promise<void> => {
  const { variant, project } = target;
  if (variant === 'local') {
    print(terminal, (await downLocal(config)) ? 'local stopped' : 'local was not running');
    if (volumes) await deleteLocalData(config);
    return;
  }
  if (variant === 'swarm') {
    await downSwarm(terminal, volumes);
    return print(terminal, 'swarm stopped');
  }
  const why = await whyNoContainers(terminal.env);
  if (why !== undefined) throw new CommandError(`The containers cannot be stopped: ${why}.`);
  await downContainers(terminal, variant, volumes, project);
  print(terminal, `${nameOf(target)} stopped`);
};

const HELP = helpFooter({
  exit: 'Exit codes: 0 stopped, or nothing was running; 1 not stopped, or you said no; 2 wrong usage.',
  examples: ['counter down', 'counter down networks --volumes --yes'],
});
