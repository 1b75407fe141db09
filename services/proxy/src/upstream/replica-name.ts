// The name that a replica gives itself in `X-Served-By`: logs, metrics and the live page show it.
import { IS_NAME } from '@container-counter/service/replica-name';

/** @returns undefined for what no replica of ours calls itself: it could be of any length, or control a terminal */
export const replicaName = (header: unknown): string | undefined =>
  typeof header === 'string' && IS_NAME.test(header) ? header : undefined;
