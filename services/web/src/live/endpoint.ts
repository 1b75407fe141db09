// The address of Redis, and how its name is resolved, which is where the two wirings differ.

import type { RedisEndpoint } from '@container-counter/api/messages';
import { sourceOf } from '@container-counter/network/addresses';
import { targetOf } from '../redis.ts';

/** @param addressOf where the name led to when Redis was last connected */
export const endpointOf = (url: URL, addressOf: () => string | undefined): RedisEndpoint => {
  const { host, port } = targetOf(url);
  const source = sourceOf(host);
  return {
    ...{ host, port, source },
    get address() {
      return source === 'address' ? undefined : addressOf();
    },
  };
};
