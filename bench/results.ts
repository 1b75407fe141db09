// What was measured last, kept in bench/results/ beside the document that is made of it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Containers } from './containers.ts';
import type { Environment } from './environment.ts';
import type { LivePage } from './live-page.ts';
import type { Profile } from './profile.ts';
import type { Rounds, RunOptions } from './rounds.ts';
import type { Scenario } from './scenarios.ts';
import type { Soak } from './soak-samples.ts';

export type Speed = {
  readonly environment: Environment;
  readonly command: string;
  readonly runOptions: RunOptions;
  readonly scenarios: readonly { readonly scenario: Scenario; readonly rounds: Rounds }[];
  /** Memory of each proxy for a kept connection, in bytes, round by round. */
  readonly kept: Readonly<Record<string, readonly number[]>>;
};

export type Results = {
  readonly speed: Speed;
  readonly containers: Containers & { readonly environment: Environment; readonly command: string };
  readonly profile: Profile & { readonly environment: Environment; readonly command: string };
  readonly page: LivePage & { readonly environment: Environment; readonly command: string };
  readonly soak: Soak & { readonly environment: Environment; readonly command: string };
};

export const saveResult = <Name extends keyof Results>(name: Name, result: Results[Name]): void => {
  mkdirSync(new URL('.', fileOf(name)), { recursive: true });
  writeFileSync(fileOf(name), `${lines(JSON.parse(JSON.stringify(result, rounded)))}\n`);
};

/** @returns undefined when it was never measured */
export const loadResult = <Name extends keyof Results>(name: Name): Results[Name] | undefined =>
  existsSync(fileOf(name)) ? JSON.parse(readFileSync(fileOf(name), 'utf8')) : undefined;

const fileOf = (name: string): URL => new URL(`results/${name}.json`, import.meta.url);

// JSON with what is short on one line, such as a round, so that rounds can be read below each other.
const lines = (value: object, indent = ''): string => {
  const line = JSON.stringify(value);
  if (line.length <= 320 || typeof value !== 'object') return line;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const parts = Object.entries(value).map(
    ([name, part]) => `${indent} ${Array.isArray(value) ? '' : `"${name}": `}${lines(part, `${indent} `)}`,
  );
  return `${open}\n${parts.join(',\n')}\n${indent}${close}`;
};

const rounded = (_key: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;
