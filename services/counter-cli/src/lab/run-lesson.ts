// Runs a lesson in the engine: every command in order, compares each output, and cleans up.
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../errors.ts';
import { bash, type Shell } from './bash.ts';
import { ask } from './check-lesson.ts';
import { type Check, type Command, isFor, type Lesson } from './lesson.ts';
import { dockerOf, present, removeMade, versionOf } from './resources.ts';
import { asLines, patternOf } from './transcript.ts';

const COMMAND_S = 300; // an image is built in it
const AGAIN_MS = 100;

/**
 * @param say is told of each heading and command as it comes @param patienceMs how long a check may take to hold
 * @throws {CommandError} when the lesson would touch what it did not create, or does not run as it is written
 */
export const runLesson = async (
  lesson: Lesson,
  shell: Shell,
  say: (line: string) => void,
  patienceMs = 30_000,
): Promise<void> => {
  const { resources } = lesson;
  const before = await present(resources, shell);
  const foreign = before.filter(({ kind }) => kind !== 'image');
  if (foreign.length > 0) throw new CommandError(refusal(lesson, foreign));
  await fetchMissing(resources.needs, shell);
  const version = await versionOf(shell);

  let failure: unknown;
  try {
    await runParts(lesson, shell, version, say, patienceMs);
  } catch (error) {
    failure = error;
  }
  const complaints = await removeMade(resources, before, shell); // before it there may have been images, and only they
  if (failure instanceof CommandError)
    throw new CommandError([failure.message, ...complaints].join('\n'), { cause: failure });
  if (failure !== undefined) throw failure;
  if (complaints.length > 0) throw new CommandError(complaints.join('\n'));
};

const refusal = ({ file }: Lesson, foreign: readonly { readonly kind: string; readonly name: string }[]): string =>
  [
    `${file} creates resources with these names, but they already exist:`,
    ...foreign.map(({ kind, name }) => `  ${kind} ${name}`),
    'Nothing was run and nothing was removed. Remove or rename your own first, or go on by hand.',
  ].join('\n');

const fetchMissing = async (images: readonly string[], shell: Shell): Promise<void> => {
  const docker = dockerOf(shell);
  const isThere = (...names: string[]) =>
    docker('image', 'inspect', ...names).then(
      () => true,
      () => false,
    );
  if (images.length === 0 || (await isThere(...images))) return;
  for (const image of images) {
    if (await isThere(image)) continue;
    await docker('pull', '--quiet', image).catch((cause: Error) => {
      throw new CommandError(`The lesson needs the image ${image}, which cannot be fetched: ${cause.message}`, {
        cause,
      });
    });
  }
};

const runParts = async (
  { file, parts }: Lesson,
  shell: Shell,
  version: string,
  say: (line: string) => void,
  patienceMs: number,
): Promise<void> => {
  const at = (line: number) => `${file}:${line}`;
  for (const { heading, actions } of parts) {
    if (actions.length > 0) say(`\n${heading}`);
    const here = actions.filter((action) => isFor(action, version));
    for (const action of here) {
      if (action.kind === 'check') {
        await wait(action, at(action.line), shell, patienceMs);
        continue;
      }
      const obstacle = action.iptables ? await iptablesFault(shell) : undefined;
      if (obstacle !== undefined) {
        say(`  (skipped, iptables does not run here: ${obstacle}): ${action.command}`);
        continue;
      }
      say(`  ${action.command}`);
      await runCommand(action, at(action.line), shell);
    }
    // A student is told to check at the end of a step, so there each of its checks must hold.
    for (const action of here) if (action.kind === 'check') await wait(action, at(action.line), shell, patienceMs);
  }
};

/** What iptables says where it cannot be used, as without root, or undefined. */
const iptablesFault = async (shell: Shell): Promise<string | undefined> => {
  const { code, output } = await ask('iptables -t nat -S', shell);
  return code === 0 ? undefined : output.trimEnd().split('\n').at(-1) || `exit code ${code}`;
};

const runCommand = async ({ command, output, fails }: Command, at: string, shell: Shell): Promise<void> => {
  const { code, output: printed } = await bash(command, shell, COMMAND_S);
  if (shell.stop.aborted) throw new CommandError(`${at}: stopped.`);
  const good = patternOf(output).test(asLines(printed));
  if (good && (code !== 0) === fails) return;
  const complaint = good
    ? `ended with exit code ${code}, and should ${fails ? 'fail' : 'not'}`
    : 'printed something else';
  throw new CommandError(
    [`${at}: this command ${complaint}:`, `$ ${command}`, 'shown:', output, 'printed:', printed.trimEnd()].join('\n'),
  );
};

const wait = async ({ says, command }: Check, at: string, shell: Shell, patienceMs: number): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const { code, output } = await ask(command, shell);
    if (shell.stop.aborted) throw new CommandError(`${at}: stopped.`);
    if (code === 0) return;
    if (performance.now() > deadline) {
      throw new CommandError([`${at}: this does not hold: ${says}`, `$ ${command}`, output.trimEnd()].join('\n'));
    }
    await sleep(AGAIN_MS);
  }
};
