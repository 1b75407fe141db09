// The address of Redis, and how its name is resolved, which is where the two wirings differ.

import type { RedisEndpoint } from '@container-counter/api/messages';
import { sourceOf } from '@container-counter/network/addresses';
import { targetOf } from '../redis.ts';

export const endpointOf = (url: URL): RedisEndpoint => {
  const { host, port } = targetOf(url);
  return { host, port, source: sourceOf(host) };
};
