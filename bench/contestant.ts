// What a contestant is: replicas of one kind, and a proxy in front of them, or none.
import type { Cleanup } from '@container-counter/testing/ends';

export type ReplicaKind = 'counter' | 'bare' | 'classic';

/** Where a proxy is to listen, and its upstreams: ports of loopback, and a folder for its files. */
export type ProxyOptions = {
  readonly port: number;
  readonly upstreams: readonly number[];
  readonly folder: string;
  readonly nodeOptions: string;
};

export type Contestant = {
  readonly name: string;
  /** One line for the reader of the table. */
  readonly about: string;
  readonly replica: ReplicaKind;
  /** All replicas are loaded, without a proxy. */
  readonly direct?: true;
  /** The command without which it cannot run here. */
  readonly needs?: string;
  /** Starts the proxy. @returns the id of its first process */
  readonly proxy?: (t: Cleanup, options: ProxyOptions) => Promise<number>;
};
