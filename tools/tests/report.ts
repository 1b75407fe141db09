// Says what became of groups of tests: what failed and was skipped, and why, and the totals.
import type { Outcome } from './run.ts';

export const outcomeText = ({ name, passed, skipped, seconds, fault, output }: Outcome): string => {
  const time = `${seconds.toFixed(1)} s`;
  if (fault === undefined) return [`✔ ${name}: ${passed} passed (${time})`, ...skipped].join('\n');
  const told = output.split('\n').filter((line) => !/^\s*✔ /.test(line));
  return [...told, `✖ ${name}: ${fault} (${time})`].join('\n');
};

export const totalsText = (outcomes: readonly Outcome[], seconds: number): string => {
  const sum = (count: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const faults = outcomes.filter(({ fault }) => fault !== undefined).map(({ name, fault }) => `✖ ${name}: ${fault}`);
  const totals = [
    `${sum(({ passed }) => passed)} passed`,
    `${sum(({ failed }) => failed)} failed`,
    `${sum(({ skipped }) => skipped.length)} skipped`,
  ];
  const time = `It took ${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s.`;
  return [...faults, time, `Tests: ${totals.join(', ')}`].join('\n');
};
