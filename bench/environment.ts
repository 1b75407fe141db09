// What a result was measured on.
import { spawnSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { TOOL } from './load.ts';

export type Environment = {
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly date: string;
};

export const environment = (): Environment => ({
  machine: `${cpus().length} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
  versions: {
    Node: process.versions.node,
    Redis: versionOf('redis-server', '--version'),
    nginx: versionOf('nginx', '-v'),
    HAProxy: versionOf('haproxy', '-v'),
    Caddy: versionOf('caddy', 'version'),
    [TOOL]: versionOf(TOOL, '-v'),
  },
  date: new Date().toISOString().slice(0, 10),
});

/** Whether `command` is on this machine. */
export const isThere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

const versionOf = (command: string, flag: string): string => {
  const { stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'not there';
};
