// The `counter` program: the list of its commands.
import { fold, widthOf } from '@container-counter/why/fold';
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { helpFooter } from './help.ts';
import type { Output, Terminal } from './terminal.ts';

type Load = () => Promise<(terminal: Terminal) => Command>;

// Loaded when one is asked for: all of them take a quarter of a second of CPU time, most alone less than half of that.
const COMMANDS: Readonly<Record<string, Readonly<Record<string, Load>>>> = {
  'Use:': {
    hit: async () => (await import('./hit/command.ts')).hit,
    counts: async () => (await import('./commands/counts.ts')).counts,
    watch: async () => (await import('./watch/command.ts')).watch,
    keys: async () => (await import('./commands/keys.ts')).keys,
    reset: async () => (await import('./commands/reset.ts')).reset,
    completion: async () => (await import('./commands/completion.ts')).completion,
  },
  'Understand:': {
    why: async () => (await import('./commands/why.ts')).why,
    inspect: async () => (await import('./commands/inspect.ts')).inspect,
    compare: async () => (await import('./compare/command.ts')).compare,
    topologies: async () => (await import('./topologies/command.ts')).topologies,
    audit: async () => (await import('./audit/command.ts')).audit,
  },
  'Run:': {
    up: async () => (await import('./commands/up.ts')).up,
    down: async () => (await import('./commands/down.ts')).down,
    status: async () => (await import('./commands/status.ts')).status,
  },
  'Teach:': {
    lab: async () => (await import('./lab/command.ts')).lab,
  },
};

/** @param asked the command that will run; if it is none of these, or the completion, all of them are there */
export const createProgram = async (terminal: Terminal, asked?: string): Promise<Command> => {
  const program = new Command('counter')
    .description('Send hits to the counter, show what it counted and stored, and start and stop the cluster.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help for a command')
    .addHelpText('after', HELP);
  const all = Object.entries(COMMANDS).flatMap(([group, commands]) =>
    Object.entries(commands).map(([name, load]) => ({ group, name, load })),
  );
  const alone = all.filter(({ name }) => name === asked && name !== 'completion');
  for (const { group, load } of alone.length > 0 ? alone : all) {
    program.addCommand((await load())(terminal).helpGroup(group));
  }
  connect(program, 'counter', terminal);
  return program;
};

const connect = (command: Command, name: string, terminal: Terminal): void => {
  const { stdout, stderr } = terminal;
  command
    .helpOption('-h, --help', 'print this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(fold(text, widthOf(stdout))),
      writeErr: (text) => stderr.write(fold(text, widthOf(stderr))),
      getOutHelpWidth: () => helpWidth(stdout),
      getErrHelpWidth: () => helpWidth(stderr),
    });
  command.showHelpAfterError(`Try "${name} --help".`);
  for (const sub of command.commands) connect(sub, `${name} ${sub.name()}`, terminal);
};

// Wide lines are hard to read; in a file, the width is always the same.
const helpWidth = (out: Output): number => Math.min(100, widthOf(out));

const HELP = helpFooter({
  environment: [
    ['COUNTER_URL', 'URL of the counter (default http://localhost:$PROXY_PORT)'],
    ['REDIS_URL', 'URL of Redis (default redis://127.0.0.1:$LOCAL_REDIS_PORT)'],
    ['REDIS_PASSWORD_FILE', 'file with the password of Redis, such as a Docker secret'],
    ['PROXY_PORT', 'host port of the proxy (default 8080)'],
    ['WEB_PORT', 'first of the three ports of the local replicas (default 3001)'],
    ['LOCAL_REDIS_PORT', 'port of the local Redis (default 6379)'],
    ['LOCAL_DATA', 'data directory of local mode (default .data in the project)'],
    ['NO_COLOR', 'if set, no colours'],
  ],
  exit: 'Exit codes: 0 success, 1 failure, 2 wrong usage.',
  examples: [
    'counter up',
    'counter hit -n 99',
    'counter watch',
    'counter keys',
    'docker compose run --rm cli hit -n 99',
  ],
});
