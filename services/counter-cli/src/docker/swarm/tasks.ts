// Lists the nodes of the swarm, and the tasks of the stack: their state, their node, and their addresses.

import type { Part } from '../../project.ts';
import { naturally } from '../../text.ts';
import type { Docker } from '../docker.ts';
import { jsonLines, STACK, whyNoSwarm } from './stack.ts';

export type Tasks = { readonly parts: readonly Part[]; readonly url: string | null };

/** Nothing when the stack is not there. @throws {CommandError} when Docker does */
export const listTasks = async (docker: Docker): Promise<Tasks> => {
  const nothing = { parts: [], url: null };
  if ((await whyNoSwarm(docker)) !== undefined) return nothing;
  const services = jsonLines<Service>(await docker('stack', 'services', '--format', '{{json .}}', STACK));
  if (services.length === 0) return nothing;
  const [nodes, tasks, port] = await Promise.all([readNodes(docker), readTasks(docker), publishedPort(docker)]);
  return { parts: [...nodes, ...tasks], url: port === '' ? null : `http://localhost:${port}` };
};

/** How many tasks of each service run, and how many should. */
export type Service = { readonly Name: string; readonly Replicas: string };

/** Whether every task that should run does, by what Docker shows as `3/3`. */
export const isWhole = (services: readonly Service[]): boolean =>
  services.length > 0 &&
  services.every(({ Replicas }) => {
    const [running, wanted] = (Replicas.split(' ')[0] ?? '').split('/');
    return running === wanted && wanted !== '0';
  });

const readNodes = async (docker: Docker): Promise<Part[]> => {
  const nodes = jsonLines<Node>(await docker('node', 'ls', '--format', '{{json .}}'));
  const inspect = ['node', 'inspect', '--format', '{{.Status.Addr}}', ...nodes.map(({ ID }) => ID)];
  const addresses = (await docker(...inspect)).split('\n');
  return nodes
    .map(({ Hostname, Status, Availability, ManagerStatus }, i) => ({
      name: `node ${Hostname}`,
      state: [Status, Availability, ManagerStatus].filter(Boolean).join(', ').toLowerCase(),
      addresses: [addresses[i] ?? ''],
    }))
    .toSorted((a, b) => naturally(a.name, b.name));
};

const readTasks = async (docker: Docker): Promise<Part[]> => {
  const listed = await docker(
    ...['stack', 'ps', '--no-trunc', '--filter', 'desired-state=running', '--format', '{{json .}}', STACK],
  );
  const tasks = jsonLines<Task>(listed);
  const addresses = await addressesOf(docker, tasks);
  return tasks
    .map(({ ID, Name, Node, CurrentState, ...task }) => ({
      // A task of a global service is named after its node's id, which says nothing to a reader.
      name: Name.replace(`${STACK}_`, '').replace(/\.\w{25}$/, ''),
      state: `${CurrentState.split(' ')[0]?.toLowerCase()}${Node && ` on ${Node}`}${task.Error && `: ${task.Error}`}`,
      addresses: addresses.get(ID) ?? [],
    }))
    .toSorted((a, b) => naturally(`${a.name} ${a.state}`, `${b.name} ${b.state}`));
};

// A task that was removed meanwhile makes `docker inspect` fail; then the addresses are left out.
const addressesOf = async (docker: Docker, tasks: readonly Task[]): Promise<ReadonlyMap<string, string[]>> => {
  if (tasks.length === 0) return new Map();
  const out = await docker('inspect', '--type', 'task', ...tasks.map(({ ID }) => ID)).catch(() => '[]');
  return new Map(
    (JSON.parse(out) as Inspected[]).map(({ ID, NetworksAttachments }) => [
      ID,
      (NetworksAttachments ?? [])
        .filter(({ Network }) => Network.Spec.Name.endsWith('-network'))
        .flatMap(({ Network, Addresses = [] }) =>
          Addresses.map((address) => `${address.split('/')[0]} on ${Network.Spec.Name}`),
        ),
    ]),
  );
};

const publishedPort = (docker: Docker): Promise<string> =>
  docker(
    ...['service', 'inspect', `${STACK}_proxy`, '--format'],
    '{{range .Endpoint.Ports}}{{.PublishedPort}}{{end}}',
  ).catch(() => '');

type Node = {
  readonly ID: string;
  readonly Hostname: string;
  readonly Status: string;
  readonly Availability: string;
  readonly ManagerStatus: string;
};

type Task = {
  readonly ID: string;
  readonly Name: string;
  readonly Node: string;
  readonly CurrentState: string;
  readonly Error: string;
};

type Inspected = {
  readonly ID: string;
  readonly NetworksAttachments?: readonly {
    readonly Network: { readonly Spec: { readonly Name: string } };
    readonly Addresses?: readonly string[];
  }[];
};
