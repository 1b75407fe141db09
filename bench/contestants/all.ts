// The participants, in the order of the table.
import type { Contestant } from '../contestant.ts';
import { bare, noProxy, oneReplica } from './alone.ts';
import { caddy } from './caddy.ts';
import { containerCounter } from './container-counter.ts';
import { haproxy } from './haproxy.ts';
import { httpProxy } from './http-proxy.ts';
import { classic, nginxDefault, nginxKeepAlive } from './nginx.ts';

export const CONTESTANTS: readonly Contestant[] = [
  containerCounter,
  nginxKeepAlive,
  nginxDefault,
  haproxy,
  caddy,
  httpProxy,
  classic,
  oneReplica,
  noProxy,
  bare,
];
