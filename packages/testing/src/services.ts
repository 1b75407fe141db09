// Starts a service of this project as its own process, as a container would.
import { type Cleanup, type Program, start } from './process.ts';

export type Service = Program & { readonly port: number; readonly url: string };

/** Starts `services/NAME/src/main.ts` on a free port of loopback, and waits until it listens. */
export const startService = async (
  t: Cleanup,
  name: 'web' | 'proxy',
  env: Readonly<Record<string, string>>,
): Promise<Service> => {
  const main = new URL(`../../../services/${name}/src/main.ts`, import.meta.url).pathname;
  const program = start(t, process.execPath, [main], { PORT: '0', BIND_ADDRESS: '127.0.0.1', ...env });
  const { port } = JSON.parse(await program.line(/"message":"listening"/)) as { port: number };
  return { ...program, port, url: `http://127.0.0.1:${port}` };
};
