// Checks the origin of the page that opens the live feed (RFC 6454).
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@container-counter/network/addresses';
import type { TrustPeer } from '@container-counter/service/environment';

/**
 * Whether `req` comes from a page of the origin that it connects to, or not from a page: only browsers send `Origin`, and
 * they do not apply the same-origin policy to WebSockets.
 *
 * This process sees that origin only in part. The requested host is in `Host`, which the proxy forwards, or in
 * `X-Forwarded-Host` if a proxy in front replaced it. The scheme is that of the proxy in front, which need not report it:
 * without `X-Forwarded-Proto: https`, it may be either.
 */
export const isOwnOrigin = (req: IncomingMessage, trusted: TrustPeer): boolean => {
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  const scheme = /^(https?):\/\//.exec(origin)?.[1];
  if (scheme === undefined || !URL.canParse(origin)) return false;
  const forwarded = trusted(plainAddress(req.socket.remoteAddress), 0);
  if (forwarded && scheme === 'http' && first(req.headers['x-forwarded-proto']) === 'https') return false;
  // The default port of a scheme may be omitted.
  const asked = (name: string | undefined): string | undefined =>
    name !== undefined && URL.canParse(`${scheme}://${name}`) ? new URL(`${scheme}://${name}`).origin : undefined;
  const own = [asked(host), forwarded ? asked(first(req.headers['x-forwarded-host'])) : undefined];
  return own.includes(new URL(origin).origin);
};

// Each proxy appends to the list; the first entry is what the browser requested.
const first = (header: string | string[] | undefined): string | undefined =>
  String(header ?? '')
    .split(',')[0]
    ?.trim()
    .toLowerCase() || undefined;
