// The first line of a response that is written without node:http.
import { STATUS_CODES } from '@container-counter/service/http';

export const statusLine = (status: number, reason?: string): string =>
  `HTTP/1.1 ${status} ${reasonPhrase(reason) ?? STATUS_CODES[status] ?? ''}`;

/** A reason phrase has no meaning (RFC 9112, 4): one with other characters, which Node would refuse, is left out. */
export const reasonPhrase = (reason = ''): string | undefined => (/^[ -~]+$/.test(reason) ? reason : undefined);
