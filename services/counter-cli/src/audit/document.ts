// Writes the results of audits into a Markdown document, one section for each variant.
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { CommandError } from '../errors.ts';
import type { Incident } from './incidents.ts';
import type { FaultKind } from './kinds.ts';
import type { Options } from './options.ts';
import { rowsOf } from './report.ts';
import type { Audit } from './run-audit.ts';

/** Replaces the last report of `variant` in `file`, and nothing else. @throws {CommandError} when it cannot */
export const writeReport = (file: string, variant: string, options: Options, audit: Audit): void =>
  orRefuse(() => {
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    writeFileSync(file, withSection(before, variant, sectionOf(variant, options, audit)));
  });

/** Creates `file` where there is none. @throws {CommandError} when no report can be written there */
export const requireWritable = (file: string): void => orRefuse(() => closeSync(openSync(file, 'a+')));

const orRefuse = (use: () => void): void => {
  try {
    use();
  } catch (cause) {
    throw new CommandError(`The report cannot be written: ${(cause as Error).message}.`, { cause });
  }
};

const withSection = (before: string, variant: string, section: string): string => {
  if (before.trim() === '') return `${HEAD}\n${section}`;
  const last = lastOf(variant);
  return last.test(before) ? before.replace(last, () => section) : `${before.replace(/\n*$/, '\n\n')}${section}`;
};

// From its heading to the last row about its faults: what somebody wrote below is not a part of it.
const lastOf = (variant: string): RegExp =>
  new RegExp(
    `^## ${variant}: (?:good|bad)\\r?\\n(?:(?!##? )[^\\n]*\\n)*?\\| fault \\|[^\\n]*\\n(?:\\|[^\\n]*\\n?)*`,
    'm',
  );

const HEAD = `# Reliability

\`counter audit\` injects ten kinds of fault into a throwaway cluster under load, and verifies that every hit is counted
exactly once. It wrote this page; \`make audit\` rewrites it.

The clients send as \`counter hit --exact\` does: each request has its own Idempotency-Key, and is retried until its number
is known. If the first attempt fails, that is an error for a client that does not retry: "errors without --exact". Replica
faults must cause none. While Redis or the only proxy is down, such errors cannot be avoided, but a client that retries
with its key does not see them: "errors with --exact".
`;

const sectionOf = (
  variant: string,
  options: Options,
  { reckoning, moved, verdict, incidents, ...rest }: Audit,
): string => {
  const { acknowledged } = reckoning;
  const longest = Math.round(rest.longestWaitMs / 100) / 10;
  return `## ${variant}: ${verdict.good ? 'good' : 'bad'}

\`\`\`text
${commandOf(variant, options)}
\`\`\`

${spaced(acknowledged)} requests in ${spaced(Math.round(rest.seconds))} s, ${options.concurrency} at a time, with ${incidents.length - 1} faults, on
${cpus().length} processors. The counter moved from ${moved.before} to ${moved.after}: ${spaced(moved.after - moved.before)} counted, ${spaced(acknowledged)}
acknowledged. The longest wait for a number was ${longest} s.

| check | count |
|---|---|
${verdict.checks.map(({ name, value }) => `| ${name} | ${value} |\n`).join('')}
| fault | times | requests | errors without --exact | errors with --exact | longest wait, ms |
|---|---|---|---|---|---|
${rowsOf(incidents)
  .map(
    (row) =>
      `| ${row.does} | ${row.times} | ${row.requests} | ${errorsOf(incidents, row.kind)} | ${row.unacknowledged} | ${row.longestWaitMs} |\n`,
  )
  .join('')}`;
};

/** The first attempts that failed, by status or by the name of the error: `25 × 503, 7 × ECONNRESET`. */
const errorsOf = (incidents: readonly Incident[], kind: FaultKind): string => {
  const counts = new Map<string, number>();
  for (const { fault, firstAttemptErrors } of incidents) {
    if (fault?.kind !== kind) continue;
    for (const [name, count] of Object.entries(firstAttemptErrors)) counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].map(([name, count]) => `${count} × ${name}`).join(', ') || '0';
};

const commandOf = (variant: string, { requests, concurrency, seed, faults, count }: Options): string =>
  [
    `counter audit ${variant} -n ${requests} -c ${concurrency} --seed ${seed}`,
    ...(faults === undefined ? [] : [`--faults ${faults.join(',')}`]),
    ...(count === undefined ? [] : [`--count ${count}`]),
  ].join(' ');

const spaced = (count: number): string => `${count}`.replace(/\B(?=(\d{3})+$)/g, ' ');
