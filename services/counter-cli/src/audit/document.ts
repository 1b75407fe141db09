// Writes the results of audits into a Markdown document, one section for each variant.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { Failed } from '../errors.ts';
import type { Options } from './options.ts';
import { lineOf, rowsOf } from './report.ts';
import type { Audit } from './run-audit.ts';

/** Replaces the section of `variant` in `file`, and keeps those of the others. @throws {Failed} when it cannot */
export const writeReport = (file: string, variant: string, options: Options, audit: Audit): void => {
  try {
    const before = existsSync(file) ? sectionsIn(readFileSync(file, 'utf8')) : new Map<string, string>();
    const sections = new Map([...before, [variant, sectionOf(variant, options, audit)]]);
    const inOrder = [...sections].toSorted(([a], [b]) => a.localeCompare(b, 'en')).map(([, section]) => section);
    writeFileSync(file, [HEAD, ...inOrder].join('\n'));
  } catch (cause) {
    throw new Failed(`The report cannot be written: ${(cause as Error).message}.`, { cause });
  }
};

const HEAD = `# Reliability

What \`counter audit\` measured. It wrote this page itself; \`make audit\` writes it anew.

Each request is sent as by \`counter hit --exact\`: with an Idempotency-Key of its own, again and again until its
number is known. A request whose first try failed is an error for a client that does not try again: "errors without
--exact". None may come of a fault of a replica. While Redis or the only proxy is down, they cannot be avoided, and a
client that tries again with its key does not see them: "errors with --exact".
`;

const sectionsIn = (document: string): Map<string, string> =>
  new Map(
    document
      .split(/^(?=## )/m)
      .slice(1)
      .map((section) => [/^## ([\w-]+)/.exec(section)?.[1] ?? '', section.replace(/\n*$/, '\n')]),
  );

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
acknowledged. The longest that a client waited for its number was ${longest} s.

| check | found |
|---|---|
${verdict.checks.map(({ name, value }) => `| ${name} | ${value} |\n`).join('')}
| fault | times | requests | errors without --exact | errors with --exact | longest wait, ms |
|---|---|---|---|---|---|
${rowsOf(incidents)
  .map(
    (row) =>
      `| ${row.does} | ${row.times} | ${row.requests} | ${row.firstTryErrors} | ${row.unanswered} | ${row.longestWaitMs} |\n`,
  )
  .join('')}
### Each fault, ${variant}

\`\`\`text
${incidents
  .slice(1)
  .map((incident, i) => lineOf(incident, i + 1))
  .join('\n')}
\`\`\`
`;
};

const commandOf = (variant: string, { requests, concurrency, seed, faults, count }: Options): string =>
  [
    `counter audit ${variant} -n ${requests} -c ${concurrency} --seed ${seed}`,
    ...(faults === undefined ? [] : [`--faults ${faults.join(',')}`]),
    ...(count === undefined ? [] : [`--count ${count}`]),
  ].join(' ');

const spaced = (count: number): string => `${count}`.replace(/\B(?=(\d{3})+$)/g, ' ');
