// Whether the page that asks for the live feed is our own, as its browser and the proxies in front tell (RFC 6454).
import type { IncomingMessage } from 'node:http';
import { plainAddress } from '@container-counter/network/addresses';
import type { TrustPeer } from '@container-counter/service/environment';

/**
 * Whether `req` comes from a page of the origin that it asks, or from no page: only browsers name an `Origin`. They
 * apply no rule of their own to WebSockets.
 *
 * Which origin that is, this process sees in part. The host that a browser asked for is in `Host`, which the proxy
 * hands on, or where a proxy in front replaced that, in `X-Forwarded-Host`. The scheme is the proxy's in front, and it need not
 * tell: without its word that it was https, it may have been either.
 */
export const isOwnOrigin = (req: IncomingMessage, trusted: TrustPeer): boolean => {
  const { origin, host } = req.headers;
  if (origin === undefined) return true;
  const scheme = /^(https?):\/\//.exec(origin)?.[1];
  if (scheme === undefined || !URL.canParse(origin)) return false;
  const forwarded = trusted(plainAddress(req.socket.remoteAddress), 0);
  if (forwarded && scheme === 'http' && first(req.headers['x-forwarded-proto']) === 'https') return false;
  // The port that a scheme has by itself may be left out.
  const asked = (name: string | undefined): string | undefined =>
    name !== undefined && URL.canParse(`${scheme}://${name}`) ? new URL(`${scheme}://${name}`).origin : undefined;
  const own = [asked(host), forwarded ? asked(first(req.headers['x-forwarded-host'])) : undefined];
  return own.includes(new URL(origin).origin);
};

// Each proxy on the way adds to the end of the list; the first knew what the browser had asked for.
const first = (header: string | string[] | undefined): string | undefined =>
  String(header ?? '')
    .split(',')[0]
    ?.trim()
    .toLowerCase() || undefined;
