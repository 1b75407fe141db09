// Makes sure that the ports of a cluster without containers are free, before anything is started.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { CommandError, UsageError } from '../errors.ts';
import type { Program } from './processes.ts';

/**
 * @param holderOf names the program that has a port, for the text after "is taken by"
 * @throws {UsageError} that names each port that cannot be had, and the variable to change it by
 */
export const requireFreePorts = async (
  programs: readonly Program[],
  holderOf: (port: number) => Promise<string>,
): Promise<void> => {
  const twice = programs.filter(({ port }, i) => programs.findIndex((other) => other.port === port) !== i);
  if (twice[0] !== undefined) {
    throw new UsageError(
      `${twice[0].portVariable} asks for port ${twice[0].port}, which ${twice[0].name} already uses; choose another.`,
    );
  }
  const faults = await Promise.all(programs.map((program) => faultOf(program, holderOf)));
  const found = faults.filter((fault) => fault !== undefined);
  if (found.length > 0) throw new UsageError(found.join('\n'));
};

const faultOf = async (program: Program, holderOf: (port: number) => Promise<string>): Promise<string | undefined> => {
  const { name, port, portVariable } = program;
  // Clients find the proxy at localhost, which may be the address of IPv6 first.
  const hosts = portVariable === 'PROXY_PORT' ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
  const answered = await Promise.all(hosts.map((host) => isAnswered(port, host)));
  const code = answered.includes(true) ? 'EADDRINUSE' : await bind(port);
  if (code === undefined) return undefined;
  if (code === 'EACCES') return `port ${port} needs root; set ${portVariable} to one above 1023.`;
  if (code !== 'EADDRINUSE') throw new CommandError(`port ${port} cannot be used for ${name}: ${code}.`);
  const remedy = `set ${portVariable} to a free one, as in ${portVariable}=${REMEDY[portVariable]} make up`;
  const redis = name === 'redis' ? `, or use what runs there: REDIS_URL=redis://127.0.0.1:${port} make up` : '';
  return `port ${port} is taken by ${await holderOf(port)}; ${remedy}${redis}`;
};

const REMEDY = { PROXY_PORT: 8081, WEB_PORT: 3101, LOCAL_REDIS_PORT: 6380 } as const;

// macOS lets one program bind 127.0.0.1 where another one listens on every interface, and then both seem fine.
const isAnswered = async (port: number, host: string): Promise<boolean> => {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

const bind = async (port: number): Promise<string | undefined> => {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
    await once(server, 'close');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
};
