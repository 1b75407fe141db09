// How a contestant is loaded.

export type Scenario = {
  readonly name: string;
  readonly about: string;
  readonly connections: number;
  /** Behind the proxy; a contestant without one has a single replica. */
  readonly replicas: number;
  /** A new connection for each request. */
  readonly newConnections?: true;
  /** Records of this many bytes, stored and read alternately, instead of hits. Only our replicas have records. */
  readonly bodies?: number;
  /** How much later, in milliseconds, the first replica responds. */
  readonly slowReplica?: number;
  /** About so many requests a second, at random times, instead of as many as possible. */
  readonly rate?: number;
  /** Not only the rivals of bench/rounds.ts take part. */
  readonly everyone?: true;
  /** The only ones who take part, by name. */
  readonly participants?: readonly string[];
};

const cluster = { connections: 64, replicas: 3 } as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...cluster, name: '64 connections', about: 'kept open', everyone: true },
  { ...cluster, name: '1 connection', about: 'kept open: the latency of the hop', connections: 1 },
  { ...cluster, name: '1 000 connections', about: 'kept open', connections: 1000 },
  { ...cluster, name: 'new connections', about: 'one for each request, 64 at once', newConnections: true },
  {
    ...cluster,
    name: '64 KiB bodies',
    about: 'stored and read alternately, 16 connections',
    connections: 16,
    bodies: 65_536,
  },
  { ...cluster, name: 'a slow replica', about: 'one of three responds 20 ms later; 64 connections', slowReplica: 20 },
];

/** Half of what the cluster can carry, where no queue hides what the hop through a proxy adds. */
export const halfPeak = (peak: number): Scenario => ({
  ...cluster,
  name: 'half the peak',
  about: `about ${Math.round(peak / 2)} requests/s at random times, over 63 connections`,
  connections: 63,
  rate: Math.round(peak / 2),
  participants: ['container-counter', 'nginx keep-alive', 'http-proxy', 'no proxy'],
});
