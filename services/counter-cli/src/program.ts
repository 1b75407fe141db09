// The `counter` program: the list of its commands.
import { fold, widthOf } from '@container-counter/why/fold';
import { Command } from 'commander';
import manifest from '../package.json' with { type: 'json' };
import { audit } from './audit/command.ts';
import { completion } from './commands/completion.ts';
import { counts } from './commands/counts.ts';
import { down } from './commands/down.ts';
import { inspect } from './commands/inspect.ts';
import { keys } from './commands/keys.ts';
import { reset } from './commands/reset.ts';
import { status } from './commands/status.ts';
import { up } from './commands/up.ts';
import { why } from './commands/why.ts';
import { compare } from './compare/command.ts';
import { helpFooter } from './help.ts';
import { hit } from './hit/command.ts';
import { lab } from './lab/command.ts';
import type { Output, Terminal } from './terminal.ts';
import { topologies } from './topologies/command.ts';
import { watch } from './watch/command.ts';

type Create = (terminal: Terminal) => Command;

const COMMANDS: Readonly<Record<string, readonly Create[]>> = {
  'Use:': [hit, counts, watch, keys, reset, completion],
  'Understand:': [why, inspect, compare, topologies, audit],
  'Run:': [up, down, status],
  'Teach:': [lab],
};

export const createProgram = (terminal: Terminal): Command => {
  const program = new Command('counter')
    .description('Send hits to the counter, show what it counted and stored, and start and stop the cluster.')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'print the help for a command')
    .addHelpText('after', HELP);
  for (const [group, commands] of Object.entries(COMMANDS)) {
    for (const create of commands) program.addCommand(create(terminal).helpGroup(group));
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
