// Checks a student's containers against the steps of a lesson.
import { bash, type Printed, type Shell } from './bash.ts';
import { type Check, isFor, type Lesson } from './lesson.ts';
import { versionOf } from './resources.ts';

const CHECK_S = 10;

/** Runs the commands of a check, up to the first that fails. */
export const ask = (command: string, shell: Shell): Promise<Printed> => bash(`set -e\n${command}`, shell, CHECK_S);

export type Checked = {
  readonly says: string;
  readonly command: string;
  readonly holds: boolean;
  readonly output: string;
};

export type CheckedStep = { readonly step: number; readonly heading: string; readonly checks: readonly Checked[] };

/** The steps that have checks, each with their results; only `step`, if it is given. */
export const checkLesson = async ({ parts }: Lesson, shell: Shell, step?: number): Promise<CheckedStep[]> => {
  const version = await versionOf(shell);
  const checked: CheckedStep[] = [];
  for (const part of parts) {
    const checks = part.actions.filter((action): action is Check => action.kind === 'check' && isFor(action, version));
    if (part.step === undefined || checks.length === 0 || (step !== undefined && part.step !== step)) continue;
    const results: Checked[] = [];
    for (const { says, command } of checks) {
      const { code, output } = await ask(command, shell);
      results.push({ says, command, holds: code === 0, output: output.trimEnd() });
    }
    checked.push({ step: part.step, heading: part.heading, checks: results });
  }
  return checked;
};

export const holds = ({ checks }: CheckedStep): boolean => checks.every((check) => check.holds);
