// Detects the wiring by how the name of Redis is resolved.
import type { RedisEndpoint } from '@container-counter/api/messages';

export type Wiring = 'networks' | 'links' | 'local';

export const wiringOf = ({ host, source }: RedisEndpoint): Wiring => {
  if (source === 'address' || host === 'localhost') return 'local';
  return source === 'hosts file' ? 'links' : 'networks';
};
