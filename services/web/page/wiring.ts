// Detects the wiring by how the name of Redis is resolved.
import type { RedisEndpoint } from '@container-counter/api/messages';

export type Wiring = 'networks' | 'links' | 'local';

export const wiringOf = ({ host, source }: RedisEndpoint): Wiring => {
  if (source === 'address' || host === 'localhost') return 'local';
  return source === 'hosts file' ? 'links' : 'networks';
};

export const sentenceOf = (endpoint: RedisEndpoint): string => SENTENCES[wiringOf(endpoint)](endpoint);

const SENTENCES: Readonly<Record<Wiring, (endpoint: RedisEndpoint) => string>> = {
  networks: ({ host }) => `User-defined networks: Docker's DNS resolves the name “${host}”.`,
  links: ({ host }) => `Legacy links: the name “${host}” is a line in /etc/hosts of each replica, written by the link.`,
  local: ({ host, port }) => `No containers: the replicas are local processes, and Redis is at ${host}:${port}.`,
};
