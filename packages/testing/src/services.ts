// Starts a service of this project as its own process, as a container would.
import type { Cleanup } from './ends.ts';
import { type Program, start } from './process.ts';

export type Service = Program & { readonly port: number; readonly url: string };

/**
 * Starts `services/NAME/src/main.ts` on a free port of loopback, and waits until it listens.
 * @param options how many files it may have open, sockets included
 */
export const startService = async (
  t: Cleanup,
  name: 'web' | 'proxy',
  env: Readonly<Record<string, string>>,
  { files }: { readonly files?: number } = {},
): Promise<Service> => {
  const main = new URL(`../../../services/${name}/src/main.ts`, import.meta.url).pathname;
  const settings = { PORT: '0', BIND_ADDRESS: '127.0.0.1', ...env };
  const limited = ['-c', `ulimit -n ${files} && exec "$0" "$@"`, process.execPath, main];
  const program =
    files === undefined ? start(t, process.execPath, [main], settings) : start(t, 'sh', limited, settings);
  const { port } = JSON.parse(await program.line(/"message":"listening"/)) as { port: number };
  return { ...program, port, url: `http://127.0.0.1:${port}` };
};
