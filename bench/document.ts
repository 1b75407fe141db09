// Writes docs/performance.md and its chart from what was measured last; nothing in them is typed in by hand.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { barsOf } from './bars.ts';
import { chartOf } from './chart.ts';
import { KEPT } from './connections.ts';
import { CONTESTANTS } from './contestants/all.ts';
import type { Environment } from './environment.ts';
import { loadResult, type Results } from './results.ts';
import { spreadOf } from './statistics.ts';
import { containersTable, keptTable, profileTable, scenarioTable, soakTable, table } from './tables.ts';

export const DOCUMENT = new URL('../docs/performance.md', import.meta.url);
export const CHART = new URL('../docs/images/performance.svg', import.meta.url);
const TRIED = new URL('tried.md', import.meta.url);

export const writeDocument = (): void => {
  const { document, chart } = documentOf(measuredLast());
  mkdirSync(new URL('.', CHART), { recursive: true });
  if (chart) writeFileSync(CHART, chart);
  writeFileSync(DOCUMENT, document);
};

export const measuredLast = (): Measured => ({
  speed: loadResult('speed'),
  profile: loadResult('profile'),
  containers: loadResult('containers'),
  soak: loadResult('soak'),
});

type Measured = { readonly [Name in keyof Results]?: Results[Name] | undefined };

export const documentOf = ({
  speed,
  profile,
  containers,
  soak,
}: Measured): { document: string; chart: string | undefined } => {
  const first = speed?.scenarios[0];
  const sections = [
    INTRODUCTION,
    speed && speedSection(speed),
    profile && profileSection(profile),
    containers && containersSection(containers),
    soak && soakSection(soak),
    readFileSync(TRIED, 'utf8').trimEnd(),
  ];
  return {
    document: `${sections.filter(Boolean).join('\n\n')}\n`,
    chart: first && chartOf(`Requests a second, ${first.scenario.name}`, first.rounds),
  };
};

const INTRODUCTION = `# Performance

\`make bench\` and \`make soak\` write this page from what they measured. For each scenario, every contestant is started
fresh on loopback, its answers are checked, and it is loaded until it is warm; then all are loaded in turns, round after
round. Figures are medians; ratios are taken within a round, and their spread is in brackets. Another machine has other
figures; the ratios are what carries over.`;

const speedSection = (speed: Results['speed']): string => {
  const judged = barsOf(speed).filter(({ found }) => !found.includes('NaN')); // who did not take part is not judged
  const bars = judged.map(({ asked, found, met }) => [asked, found, met ? 'yes' : 'no']);
  return [
    '## Speed',
    '',
    ...measuredOn(speed),
    '',
    `${speed.extent.rounds} rounds of ${speed.extent.seconds} s each, after ${speed.extent.warmUp} s of the same load.`,
    '',
    '![Requests a second of each contestant](images/performance.svg)',
    '',
    ...table(['asked', 'found', 'met'], bars),
    '',
    ...CONTESTANTS.map(({ name, about }) => `- **${name}**: ${about}.`),
    ...speed.scenarios.flatMap(({ scenario, rounds }) => [
      '',
      `### ${scenario.name}`,
      '',
      `${scenario.about[0]?.toUpperCase()}${scenario.about.slice(1)}.`,
      '',
      ...scenarioTable(rounds),
    ]),
    '',
    '### kept connections',
    '',
    `Growth of the proxy's resident memory with ${KEPT} connections that are kept open, each after one hit.`,
    '',
    ...keptTable(speed.kept),
  ].join('\n');
};

const containersSection = (containers: Results['containers']): string => {
  const { median, min, max } = spreadOf(containers.secondsToFirstAnswer);
  return [
    '## In Docker',
    '',
    ...measuredOn(containers),
    '',
    `With the images built, the first answer came ${median.toFixed(1)} s after \`docker compose up\` (${min.toFixed(1)} to ${max.toFixed(1)}).`,
    `\`counter hit -c 64\` sent ${Math.round(containers.counterHit)} requests a second, and the load tool ${Math.round(containers.wrk)}.`,
    '',
    ...containersTable(containers),
  ].join('\n');
};

const profileSection = (profile: Results['profile']): string =>
  [
    '## Where the time goes',
    '',
    ...measuredOn(profile),
    '',
    "Shares of the time in which the proxy and one replica were busy, with 64 connections, by V8's profiler. A write to a",
    'socket contains the way of its bytes through the kernel, up to waking whoever waits for them.',
    '',
    ...profileTable(profile),
  ].join('\n');

const soakSection = (soak: Results['soak']): string =>
  ['## Soak', '', ...measuredOn(soak), '', ...soakTable(soak)].join('\n');

const measuredOn = ({ command, environment }: { command: string; environment: Environment }): string[] => [
  `\`${command}\` on ${environment.date}: ${environment.machine}; ${Object.entries(environment.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.`,
];
