// What travels between the services, the live page and the CLI as JSON. These are types alone: nothing here runs.

/** All hits, and the hits that each replica served, by its name. */
export type Totals = { readonly requests: number; readonly replicas: Readonly<Record<string, number>> };

/** `GET /counts`: with the hits of each client, by its address. */
export type Counts = Totals & { readonly clients: Readonly<Record<string, number>> };

/** `WS /live`: each message is complete, so the first one is the snapshot. */
export type LiveMessage = {
  /** The replica that sends this feed. */
  readonly replica: string;
  /** Where this replica finds Redis, and, while it does not, why in one sentence. */
  readonly redis: RedisEndpoint & { readonly failure?: string };
  /** What Redis holds now; null while it does not respond. */
  readonly counts: Totals | null;
  /** Hits since the message before, oldest first; at most the last 20, for `counts` has them all. */
  readonly hits: readonly LiveHit[];
};

/** `source` tells the wirings apart: a link is a line of the hosts file, a network has a resolver. */
export type RedisEndpoint = {
  readonly host: string;
  readonly port: number;
  /** Where the name led to when Redis was last connected. */
  readonly address?: string | undefined;
  readonly source: 'address' | 'hosts file' | 'resolver';
};

export type LiveHit = {
  readonly number: number;
  readonly replica: string;
  readonly client: string;
  readonly requestId: string;
  /** Which attempt of the proxy it was. */
  readonly attempt: number;
};

/** `GET /-/upstreams` */
export type UpstreamsReport = { readonly upstreams: readonly UpstreamReport[] };

export type UpstreamState = 'checking' | 'healthy' | 'unhealthy';

export type UpstreamReport = {
  readonly address: string;
  /** What the replica calls itself, once it has said so. */
  readonly name?: string | undefined;
  readonly state: UpstreamState;
  /** Of the program that it runs, once it has said so. */
  readonly version?: string | undefined;
  /** When it got into this state, as ISO 8601. */
  readonly since: string;
  /** Requests whose response came from it. */
  readonly served: number;
  /** How long those responses took to begin, all together, in milliseconds. */
  readonly servedMs: number;
  /** Attempts that failed on it. */
  readonly failed: number;
  readonly lastError?: string | undefined;
};

/** An error as `application/problem+json` (RFC 9457); there may be further members. */
export type ProblemDocument = {
  readonly title?: string | undefined;
  /** The HTTP status. */
  readonly status: number;
  /** One sentence for a person: what was wrong and what to do. */
  readonly detail: string;
};
