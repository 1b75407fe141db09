// Writes docs/performance.md and its chart from the last results; nothing in them is typed in by hand.
import { mkdirSync, writeFileSync } from 'node:fs';
import { chartOf } from './chart.ts';
import { KEPT } from './connections.ts';
import { CONTESTANTS } from './contestants/all.ts';
import type { Environment } from './environment.ts';
import { loadResult, type Results } from './results.ts';
import { spreadOf } from './statistics.ts';
import {
  containersTable,
  keptTable,
  keysSentence,
  latencyTable,
  pageTable,
  profileTable,
  ratesTable,
  scenarioTable,
  soakTable,
  table,
} from './tables.ts';
import { NGINX, targetsOf } from './targets.ts';
import { verdictOf } from './verdict.ts';

export const DOCUMENT = new URL('../docs/performance.md', import.meta.url);
export const CHART = new URL('../docs/images/performance.svg', import.meta.url);

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
  page: loadResult('page'),
  soak: loadResult('soak'),
});

type Measured = { readonly [Name in keyof Results]?: Results[Name] | undefined };

export const documentOf = ({
  speed,
  profile,
  containers,
  page,
  soak,
}: Measured): { document: string; chart: string | undefined } => {
  const first = speed?.scenarios[0];
  const sections = [
    '# Performance',
    speed && verdictOf(speed),
    INTRODUCTION,
    measuredOn([speed, profile, containers, page, soak].filter((result) => result !== undefined)),
    speed && speedSection(speed),
    profile && profileSection(profile),
    containers && containersSection(containers),
    page && pageSection(page),
    soak && soakSection(soak),
  ];
  return {
    document: `${sections.filter(Boolean).join('\n\n')}\n`,
    chart: first && chartOf(`Requests per second, ${first.scenario.name}`, first.rounds),
  };
};

const INTRODUCTION = `\`make bench\` and \`make soak\` write this page from the results in \`bench/results/\`, which have more: every round,
p50 and p99.9, memory, the processor time of replicas and Redis. In each scenario every contestant runs on loopback, its
responses are checked, and it is loaded until it is warm. Then all are loaded one after the other, round after round. Figures are
medians. Ratios (÷) are those of requests/s within a round, with their spread over the rounds in brackets. On another
machine the figures differ, and the ratios should hold. [bench/tried.md](../bench/tried.md) has the changes that were
measured, and what each gained.`;

const speedSection = (speed: Results['speed']): string => {
  const { rounds, seconds, warmUp } = speed.runOptions;
  const [first, ...others] = speed.scenarios;
  const sameRate = others.find(({ scenario }) => scenario.rate !== undefined);
  return [
    '## Speed',
    '',
    `${rounds} rounds of ${seconds} s each, after ${warmUp} s of warm-up.`,
    '',
    '![Requests per second of each contestant](images/performance.svg)',
    '',
    ...table(
      ['target', 'measured', 'met'],
      targetsOf(speed).map(({ target, measured, met }) => [target, measured, met ? 'yes' : 'no']),
    ),
    ...(first === undefined ? [] : ['', `### ${first.scenario.name}`, '', ...scenarioTable(first.rounds)]),
    '',
    ...CONTESTANTS.map(({ name, about }) => `- **${name}**: ${about}.`),
    '',
    ...(first === undefined ? [] : [keysSentence(first.rounds, NGINX), '']),
    '### Other loads',
    '',
    ...ratesTable(
      others.filter((one) => one !== sameRate),
      [NGINX, 'http-proxy'],
    ),
    ...(sameRate === undefined
      ? []
      : [
          '',
          '### Latency at half the peak',
          '',
          sentence(sameRate.scenario.about),
          '',
          ...latencyTable(sameRate.rounds),
        ]),
    '',
    '### Open connections',
    '',
    `Memory of the proxy for each of ${KEPT} open keep-alive connections, after one hit each.`,
    '',
    ...keptTable(speed.kept),
  ].join('\n');
};

const sentence = (text: string): string => `${text[0]?.toUpperCase()}${text.slice(1)}.`;

const containersSection = (containers: Results['containers']): string => {
  const { median, min, max } = spreadOf(containers.secondsToFirstResponse);
  return [
    '## In Docker',
    '',
    `With the images built, the first response came ${median.toFixed(1)} s (${min.toFixed(1)} to ${max.toFixed(1)}) after \`docker compose up\`.`,
    `\`counter hit -c 64\` sent ${Math.round(containers.counterHit)} requests/s, and the load tool ${Math.round(containers.wrk)}.`,
    '',
    ...containersTable(containers),
  ].join('\n');
};

const profileSection = (profile: Results['profile']): string =>
  [
    '## Where the time goes',
    '',
    'Shares of the processor time of the proxy and of one replica with 64 connections, by the profiler of V8. A write to a',
    'socket includes the work of the kernel, up to waking the reader.',
    '',
    ...profileTable(profile),
  ].join('\n');

const pageSection = ({ seconds, samples }: Results['page']): string =>
  [
    '## The live page',
    '',
    `Processor time of the page's main thread in a real Chromium, 1440 × 900, over ${seconds} s: at most 15 % of a core at a`,
    'thousand hits per second. Up to 30 hits per second each is a pulse; above, the lines become thicker.',
    '',
    ...pageTable(samples),
  ].join('\n');

const soakSection = (soak: Results['soak']): string =>
  ['## Soak', '', 'Ten minutes of load, after which nothing may have grown.', '', ...soakTable(soak)].join('\n');

/** One line for each machine and set of versions, with what was measured on it. */
const measuredOn = (results: readonly { readonly command: string; readonly environment: Environment }[]): string =>
  Object.entries(
    Object.groupBy(results, ({ environment: { date, machine, versions } }) =>
      [date, machine, ...Object.entries(versions).map((version) => version.join(' '))].join(', '),
    ),
  )
    .map(([where, all = []]) => {
      const commands = [...new Set(all.map(({ command }) => `\`${command}\``))];
      return `- ${commands.join(', ')}: ${where}.`;
    })
    .join('\n');
