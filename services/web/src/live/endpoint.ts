// Where a replica finds Redis, and who knows the name: that is what the two wirings differ in.

import type { RedisEndpoint } from '@container-counter/api/messages';
import { sourceOf } from '@container-counter/network/addresses';
import { targetOf } from '../redis.ts';

export const endpointOf = (url: URL): RedisEndpoint => {
  const { host, port } = targetOf(url);
  return { host, port, source: sourceOf(host) };
};
