// Checks what arrives, for anything may listen at the URL: what is not well-formed is left out.
import type { LiveMessage, UpstreamReport } from '@container-counter/api/messages';
import { isTotals, parsed } from '../counter-client.ts';

/** The upstreams in a response of the proxy; none in one of anybody else. */
export const upstreamsIn = (body: string): readonly UpstreamReport[] => {
  const { upstreams } = (parsed(body) ?? {}) as { readonly upstreams?: unknown };
  return Array.isArray(upstreams) ? upstreams.filter(isUpstream) : [];
};

/** The message of the feed, undefined if it is none. */
export const messageIn = (data: string): LiveMessage | undefined => {
  const message = parsed(data);
  return isMessage(message) ? message : undefined;
};

const isUpstream = (value: unknown): value is UpstreamReport => {
  const { address, name, state, lastError } = fieldsOf<UpstreamReport>(value);
  return typeof address === 'string' && typeof state === 'string' && isTextOrNone(name) && isTextOrNone(lastError);
};

const isMessage = (value: unknown): value is LiveMessage => {
  const { replica, redis, counts } = fieldsOf<LiveMessage>(value);
  if (typeof replica !== 'string' || typeof redis !== 'object' || redis === null) return false;
  return isTextOrNone(fieldsOf<LiveMessage['redis']>(redis).failure) && (counts === null || isTotals(counts));
};

const fieldsOf = <T>(value: unknown): { readonly [Field in keyof T]?: unknown } => value ?? {};

const isTextOrNone = (value: unknown): boolean => value === undefined || typeof value === 'string';
