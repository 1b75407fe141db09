// How a contestant is loaded.
export type Scenario = {
  readonly name: string;
  readonly about: string;
  readonly connections: number;
  readonly replicas: number;
  /** A new connection for each request. */
  readonly newConnections?: true;
  /** Records of this many bytes, stored and read in turn, instead of hits. Only our replicas have records. */
  readonly bodies?: number;
  /** How much later, in milliseconds, the first replica answers. */
  readonly slowReplica?: number;
};

export const SCENARIOS: readonly Scenario[] = [
  { name: '64 connections', about: 'kept open', connections: 64, replicas: 3 },
  { name: '1 connection', about: 'kept open: the latency of the hop', connections: 1, replicas: 3 },
  { name: '1 000 connections', about: 'kept open', connections: 1000, replicas: 3 },
  {
    name: 'new connections',
    about: 'one for each request, 64 at once',
    connections: 64,
    replicas: 3,
    newConnections: true,
  },
  { name: '1 replica', about: '64 connections', connections: 64, replicas: 1 },
  { name: '6 replicas', about: '64 connections', connections: 64, replicas: 6 },
  {
    name: '64 KiB bodies',
    about: 'stored and read in turn, 16 connections',
    connections: 16,
    replicas: 3,
    bodies: 65_536,
  },
  {
    name: 'a slow replica',
    about: 'one of three answers 20 ms later; 64 connections',
    connections: 64,
    replicas: 3,
    slowReplica: 20,
  },
];
