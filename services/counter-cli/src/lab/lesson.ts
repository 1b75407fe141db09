// Reads a lesson: its parts, with the commands and checks of each, and the resources that it creates.
import { UsageError } from '../errors.ts';
import { parseResources, type Resources, undeclared } from './resource-list.ts';
import { stepsOf } from './transcript.ts';

export type Command = {
  readonly kind: 'command';
  readonly line: number;
  readonly command: string;
  readonly output: string;
  /** Whether it must end with an exit code other than 0. */
  readonly fails: boolean;
  /** Which engines it is for, such as `<29`, `=29` or `>=29`; undefined for all. */
  readonly engine: string | undefined;
  /** Whether it reads the rules of iptables, which takes Linux and root. */
  readonly iptables: boolean;
};

/** Commands, one a line, which all succeed while the containers and networks are as the lesson says. */
export type Check = {
  readonly kind: 'check';
  readonly line: number;
  readonly says: string;
  readonly command: string;
  readonly engine: string | undefined;
};

/** What stands below one heading; `step` is the number in it, undefined where there is none. */
export type Part = {
  readonly heading: string;
  readonly step: number | undefined;
  readonly actions: readonly (Command | Check)[];
};

export type Lesson = {
  readonly file: string;
  readonly title: string;
  readonly resources: Resources;
  readonly parts: readonly Part[];
};

/** @throws {UsageError} that names the line where the lesson is not written as it must be */
export const parseLesson = (file: string, written: string): Lesson => {
  const markdown = written.replaceAll('\r\n', '\n');
  const wrong = (line: number, what: string): UsageError => new UsageError(`${file}:${line}: ${what}`);
  const find = (pattern: RegExp) =>
    [...markdown.matchAll(pattern)].map(({ index, 1: first = '', 2: second = '', 3: third = '' }) => ({
      line: markdown.slice(0, index).split('\n').length,
      first,
      second,
      third,
    }));

  const commands = stepsOf(markdown).map(({ info, ...step }): Command => {
    const strange = info.find((word) => word !== 'fails' && word !== 'iptables' && !ENGINE.test(word));
    if (strange !== undefined) throw wrong(step.line, `"${strange}" after the word console means nothing.`);
    const engine = info.find((word) => ENGINE.test(word))?.slice('engine'.length);
    return { kind: 'command', ...step, fails: info.includes('fails'), iptables: info.includes('iptables'), engine };
  });
  const checks = find(/^<!-- check( engine(?:<|>=|=)\d+)?: (.*)\n([\s\S]*?)\n-->$/gm).map(
    ({ line, first, second, third }): Check => ({
      kind: 'check',
      line,
      says: second,
      command: third,
      engine: first === '' ? undefined : first.slice(' engine'.length),
    }),
  );
  // What is ignored would seem to hold.
  const isCheck = ({ line }: { readonly line: number }) => checks.some((check) => check.line === line);
  const noCheck = find(/^ *<!-- *check\b/gim).find((begin) => !isCheck(begin));
  if (noCheck !== undefined) throw wrong(noCheck.line, NO_CHECK);
  const [noBlock] = find(/^(?!```console(?: |$)) *(?:```+|~~~+) *console(?!\S)/gm);
  if (noBlock !== undefined) throw wrong(noBlock.line, 'a block of commands begins with "```console".');
  const actions = [...commands, ...checks].toSorted((a, b) => a.line - b.line);

  const headings = find(/^## (.*)$/gm);
  const parts = headings.map(({ line, first }, i): Part => {
    const next = headings[i + 1]?.line ?? Number.POSITIVE_INFINITY;
    const number = /^\S+ (\d+)[:：]/.exec(first)?.[1];
    return {
      heading: first,
      step: number === undefined ? undefined : Number(number),
      actions: actions.filter((action) => action.line > line && action.line < next),
    };
  });
  const homeless = actions.find(({ line }) => line < (headings[0]?.line ?? Number.POSITIVE_INFINITY));
  if (homeless !== undefined) throw wrong(homeless.line, 'a command or check stands before the first "## " heading.');
  const [title] = find(/^# (.*)$/gm);
  if (title === undefined) throw wrong(1, 'the lesson has no title.');

  const resources = parseResources(
    find(/^<!-- resources\n([\s\S]*?)\n-->$/gm).flatMap(({ first }) => first.split('\n')),
    (what) => wrong(1, what),
  );
  for (const { line, command } of commands) {
    const [thing] = undeclared(resources, command);
    if (thing !== undefined) throw wrong(line, `${thing} is not among the resources that the lesson lists.`);
  }
  return { file, title: title.first, resources, parts };
};

const NO_CHECK = 'a check begins with "<!-- check: " or "<!-- check engine>=29: ", and ends with a line "-->".';

const ENGINE = /^engine(<|>=|=)\d+$/;

/** Whether a command or check is for the engine of this version. */
export const isFor = ({ engine }: Command | Check, version: string): boolean => {
  if (engine === undefined) return true;
  const [, sign, given = ''] = /^(<|>=|=)(.*)/.exec(engine) ?? [];
  const [major, limit] = [Number.parseInt(version, 10), Number(given)];
  if (sign === '<') return major < limit;
  return sign === '=' ? major === limit : major >= limit;
};
