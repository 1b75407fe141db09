// Takes the private engine's way out of its network, to show that nothing needs it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Cuts the way out until the function that it returns is called; undefined on an engine that is not the private one. */
export const cutOutbound = async (): Promise<(() => Promise<void>) | undefined> => {
  // Under tools/engine/exec this process is inside of that engine's network; elsewhere a tap0 may be somebody's VPN.
  if (!/^unix:\/\/\/run\/counter-[0-9a-f]{8}\//.test(process.env['DOCKER_HOST'] ?? '')) return undefined;
  const route = (await ip('route', 'show', 'default')).trim().split(' ');
  await ip('link', 'set', 'tap0', 'down');
  // Who asks is told at once. Without a route only connections are; the engine's name server would wait for a response.
  await ip('route', 'add', 'prohibit', 'default');
  return async () => {
    await ip('route', 'del', 'prohibit', 'default');
    await ip('link', 'set', 'tap0', 'up');
    await ip('route', 'add', ...route);
  };
};

/** @throws when there is no way to the address of a stranger */
export const wayOut = (): Promise<string> => ip('route', 'get', '192.0.2.1');

const ip = async (...args: string[]): Promise<string> => (await promisify(execFile)('ip', args)).stdout;
