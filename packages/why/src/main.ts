#!/usr/bin/env node
// The `counter` command in the images of web and proxy: only what explains the wiring from inside, without dependencies.
import { parseArgs } from 'node:util';
import { InvalidDestination, parseDestination } from './destination.ts';
import { fold, widthOf } from './fold.ts';
import { inspectNetwork } from './network-view.ts';
import { networkViewText } from './network-view-text.ts';
import { diagnose } from './why.ts';
import { whyText } from './why-text.ts';

const USAGE = `Usage: counter why HOST[:PORT] [--json]   trace how this container reaches HOST, and suggest a fix
       counter inspect [HOST[:PORT]...] [--json]   show this container's networking, and whether it reaches each HOST

Exit codes: 0 reachable, 1 not reachable, 2 wrong usage. "docker compose run --rm cli --help" lists all commands.
`;

const { env, argv, stdout } = process;

const why = async (host: string, json: boolean): Promise<number> => {
  const report = await diagnose(parseDestination(host, env), env);
  console.log(json ? JSON.stringify(report) : whyText(report, widthOf(stdout)));
  return report.reachable ? 0 : 1;
};

const inspect = async (hosts: readonly string[], json: boolean): Promise<number> => {
  const destinations = hosts.map((host) => parseDestination(host, env));
  const seen = await inspectNetwork(env);
  const paths = await Promise.all(destinations.map((destination) => diagnose(destination, env)));
  console.log(json ? JSON.stringify({ ...seen, paths }) : [seen, ...paths].map(textOf).join('\n\n'));
  return 0;
};

const textOf = (report: Awaited<ReturnType<typeof inspectNetwork | typeof diagnose>>): string =>
  'attempts' in report ? whyText(report, widthOf(stdout)) : fold(networkViewText(report), widthOf(stdout));

const run = async (): Promise<number> => {
  const { values, positionals } = parseArgs({
    args: argv.slice(2),
    options: { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  const [command, ...hosts] = positionals;
  if (values.help) {
    console.log(USAGE.trimEnd());
    return 0;
  }
  if (command === 'why' && hosts.length === 1) return why(`${hosts}`, values.json ?? false);
  if (command === 'inspect' || command === 'here') return inspect(hosts, values.json ?? false);
  throw new InvalidDestination(USAGE.trimEnd());
};

process.exitCode = await run().catch((error: NodeJS.ErrnoException) => {
  if (!(error instanceof InvalidDestination) && !error.code?.startsWith('ERR_PARSE_ARGS')) throw error;
  console.error(error.message);
  return 2;
});
