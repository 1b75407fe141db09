// `counter lab`: lists the lessons, runs one in the engine, and checks a student's own containers against one.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { whyNoContainers } from '../docker/engine.ts';
import { CommandError, UsageError } from '../errors.ts';
import { helpFooter } from '../help.ts';
import { countUpTo } from '../options.ts';
import { ROOT, requireProject } from '../project.ts';
import { table } from '../table.ts';
import { colorsOf, print, printFolded, type Terminal } from '../terminal.ts';
import type { Shell } from './bash.ts';
import { type CheckedStep, checkLesson, holds } from './check-lesson.ts';
import { type Lesson, parseLesson } from './lesson.ts';
import { runLesson } from './run-lesson.ts';

export const lab = (terminal: Terminal): Command =>
  new Command('lab')
    .description('Run the lessons of labs/ in Docker, or check your containers against one.')
    .helpCommand('help [command]', 'print the help for a command')
    .addCommand(list(terminal))
    .addCommand(run(terminal))
    .addCommand(check(terminal))
    .addHelpText('after', HELP);

const list = (terminal: Terminal): Command =>
  new Command('list')
    .description('List the lessons.')
    .addHelpText('after', LIST_HELP)
    .action(() => {
      requireProject();
      const folder = join(ROOT, 'labs');
      const files = readdirSync(folder).filter((name) => /^\d.*\.md$/.test(name));
      const lessons = files.toSorted().map((name) => read(join(folder, name), `labs/${name}`));
      const rows = lessons.map(({ file, title, parts }) => [
        file,
        title,
        `${parts.filter(({ step }) => step !== undefined).length}`,
        LANGUAGES.filter((language) => existsSync(join(folder, language, basename(file)))).join(', '),
      ]);
      const columns = [
        { title: 'file' },
        { title: 'lesson' },
        { title: 'steps', align: 'right' },
        { title: 'also in' },
      ] as const;
      print(terminal, table(columns, rows, colorsOf(terminal)));
    });

// Each is a folder of labs/, with files of the same names.
const LANGUAGES = ['id', 'zh-TW'];

const run = (terminal: Terminal): Command =>
  new Command('run')
    .description('Run every command of a lesson, compare the output, and clean up.')
    .argument('<file>', 'the lesson')
    .addHelpText('after', RUN_HELP)
    .action(async (file: string) => {
      const lesson = read(file);
      if (!lesson.parts.some(({ actions }) => actions.some(({ kind }) => kind === 'command')))
        throw new UsageError(`${file} has no commands. "counter lab list" shows the lessons.`);
      const shell = await shellFor(terminal, file);
      const env = Object.fromEntries(Object.entries(shell.env).filter(([name]) => !AS_WRITTEN.has(name)));
      await runLesson(lesson, { ...shell, env }, (line) => print(terminal, line));
      print(terminal, `\n${file}: every command printed what it shows.`);
    });

const check = (terminal: Terminal): Command =>
  new Command('check')
    .description('Check your containers and networks against a step of a lesson.')
    .argument('<file>', 'the lesson')
    .option('--step <number>', 'check only this step (default: show which steps are done)', countUpTo(99))
    .addHelpText('after', CHECK_HELP)
    .action(async (file: string, { step }: { readonly step?: number }) => {
      const lesson = read(file);
      const checked = await checkLesson(lesson, await shellFor(terminal, file), step);
      if (checked.length === 0) throw new UsageError(`${file} has no checks${step ? ` at step ${step}` : ''}.`);
      for (const result of checked) printFolded(terminal, show(result, step !== undefined));
      if (!checked.some(holds)) throw new CommandError(step ? `Step ${step} is not done yet.` : 'No step is done.');
    });

const show = ({ heading, checks }: CheckedStep, hints: boolean): string =>
  [
    heading,
    ...checks.flatMap(({ says, command, holds, output }) => [
      `  ${holds ? 'ok     ' : 'missing'}  ${says}`,
      ...(holds || !hints ? [] : [command, output].filter(Boolean).map((text) => text.replace(/^/gm, '             '))),
    ]),
  ].join('\n');

/** @throws {UsageError} when there is no such file, or it is no lesson */
const read = (file: string, name = file): Lesson => {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new UsageError(`No such lesson: ${file}. "counter lab list" shows them all.`);
  return parseLesson(name, readFileSync(file, 'utf8'));
};

// A lesson's commands are typed in the project that it lies in.
const shellFor = async ({ env, stopSignal }: Terminal, file: string): Promise<Shell> => {
  let cwd = dirname(resolve(file));
  while (!existsSync(join(cwd, 'docker-compose.yml'))) {
    if (cwd === dirname(cwd)) throw new UsageError(`${file} is not in a clone of the project.`);
    cwd = dirname(cwd);
  }
  const why = await whyNoContainers(env);
  if (why !== undefined) throw new CommandError(`A lesson needs Docker, but ${why}.`);
  const stop = new AbortController();
  void stopSignal().then(() => stop.abort());
  return { cwd, env, stop: stop.signal };
};

// Variables of the project under which the commands of a lesson would do something else than it shows.
const AS_WRITTEN = new Set([
  'COMPOSE_FILE',
  'COMPOSE_PROJECT_NAME',
  'COMPOSE_PROFILES',
  'LOG_LEVEL',
  'NETWORK_PREFIX',
  'PROXY_PORT',
]);

const RUN = 'counter lab run labs/01-links.md';
const CHECK = 'counter lab check labs/01-links.md';

const HELP = helpFooter({ examples: ['counter lab list', RUN, `${CHECK} --step 2`] });

const LIST_HELP = helpFooter({ examples: ['counter lab list'] });

const RUN_HELP = helpFooter({
  notes: [
    'Each output must match the lesson, where "…" stands for what varies. It stops at the first line that',
    'differs. Afterwards it removes what the lesson created, and nothing else: it refuses to start if a',
    'container, network, volume or file with one of those names already exists.',
  ],
  exit: 'Exit codes: 0 everything matches, 1 something differs or already exists, 2 wrong usage.',
  examples: [RUN],
});

const CHECK_HELP = helpFooter({
  notes: ['It changes nothing. With --step it shows the command behind each check that fails.'],
  exit: 'Exit codes: 0 the step is done (without --step: at least one is), 1 it is not, 2 wrong usage.',
  examples: [CHECK, `${CHECK} --step 2`],
});
