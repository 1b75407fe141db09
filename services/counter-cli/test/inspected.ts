// Containers as `docker inspect` tells of them, for tests without an engine.
import type { Inspected } from '../src/docker/inspect.ts';

export const RUNNING: Inspected['State'] = {
  Status: 'running',
  Running: true,
  Paused: false,
  Restarting: false,
  OOMKilled: false,
  ExitCode: 0,
  StartedAt: '2026-01-01T00:00:00Z',
};

export const EXITED: Inspected['State'] = { ...RUNNING, Status: 'exited', Running: false, ExitCode: 1 };

type More = Partial<Omit<Inspected, 'NetworkSettings'>> & {
  /** The project, the service and, if it is not the usual one, the file of Compose. */
  readonly compose?: readonly [project: string, service: string, file?: string | undefined];
  readonly ports?: Inspected['NetworkSettings']['Ports'];
};

/** @param networks by its name, the address on it and the names that it has there beside its own */
export const inspected = (
  Id: string,
  name: string,
  networks: Readonly<Record<string, readonly [address: string, ...names: string[]]>> = {},
  { compose, ports = {}, ...more }: More = {},
): Inspected => ({
  Id,
  Name: `/${name}`,
  RestartCount: 0,
  Image: 'sha256:0',
  Config: {
    Image: 'image',
    Labels:
      compose === undefined
        ? {}
        : {
            'com.docker.compose.project': compose[0],
            'com.docker.compose.service': compose[1],
            'com.docker.compose.oneoff': 'False',
            'com.docker.compose.project.config_files': compose[2] ?? '/elsewhere/docker-compose.yml',
          },
  },
  State: RUNNING,
  HostConfig: { Links: null },
  NetworkSettings: {
    Networks: Object.fromEntries(
      Object.entries(networks).map(([network, [IPAddress, ...names]]) => [
        network,
        { IPAddress, Aliases: names, DNSNames: [name, ...names] },
      ]),
    ),
    Ports: ports,
  },
  ...more,
});

/** The cases of a fake `docker` in which these are all containers that there are. */
export const inspectCases = (containers: readonly Inspected[]): string => `
"ps --all --quiet"*) printf '${containers.map(({ Id }) => `${Id}\\n`).join('')}';;
"inspect ${containers.map(({ Id }) => Id).join(' ')}") cat <<'END'
${JSON.stringify(containers)}
END
;;`;
