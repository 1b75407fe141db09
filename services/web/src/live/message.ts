// What the live feed sends: JSON, each message whole in itself, so that the first one is the snapshot.
// The page reads these types too, so this file imports nothing.

export type LiveMessage = {
  /** The replica that sends this feed. */
  readonly replica: string;
  /** Where this replica finds Redis, and, while it does not, why in one sentence. */
  readonly redis: RedisEndpoint & { readonly failure?: string };
  /** What Redis holds now, as `GET /counts` tells it; null while it does not answer. */
  readonly counts: { readonly requests: number; readonly replicas: Readonly<Record<string, number>> } | null;
  /** Hits since the message before, oldest first; at most the last 20, for `counts` has them all. */
  readonly hits: readonly LiveHit[];
};

/** `source` tells the wirings apart: a link is a line of the hosts file, a network has a resolver. */
export type RedisEndpoint = {
  readonly host: string;
  readonly port: number;
  readonly source: 'address' | 'hosts file' | 'resolver';
};

export type LiveHit = {
  readonly number: number;
  readonly replica: string;
  readonly client: string;
  readonly requestId: string;
  /** Which try of the proxy it was. */
  readonly attempt: number;
};
