// The options of an audit.
import { InvalidArgumentError } from 'commander';
import { FAULTS, type FaultKind, KINDS } from './kinds.ts';

export type Options = {
  readonly requests: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly faults?: readonly FaultKind[];
  readonly count?: number;
  readonly plan?: true;
  readonly report?: string;
  readonly json?: true;
};

/** Checks the value of `--faults`. */
export const kindsOf = (text: string): FaultKind[] => {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !Object.hasOwn(FAULTS, name));
  if (unknown === undefined) return names as FaultKind[];
  throw new InvalidArgumentError(`Unknown fault "${unknown}". Choose from ${KINDS.join(', ')}.`);
};
