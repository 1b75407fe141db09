// WebSocket upgrades: forwarded through http-proxy, logged and measured like other requests.
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { plainAddress } from '@container-counter/network/addresses';
import { CLIENT_CLOSED_REQUEST } from '@container-counter/service/access-log';
import { requestIdOf } from '@container-counter/service/request-id';
import { traceparentOf } from '@container-counter/service/traceparent';
import type { ProxyContext } from '../forward/context.ts';
import { ClientDisconnected, NoUpstream } from '../forward/errors.ts';
import { ownLines, UPGRADE } from '../forward/headers.ts';
import { problemFor } from '../forward/problems.ts';
import { fieldsOf } from '../header-lines.ts';
import { hasBody } from './body.ts';
import { linesForUpstream } from './node-messages.ts';
import { forwardRaw, rawResponse } from './raw-response.ts';
import { parseRequestTarget } from './request-target.ts';
import { createUpgradeAttempts, type UpgradeRecord } from './upgrade-attempts.ts';

/** Any other upgrade is an ordinary request, whose Upgrade header is hop-by-hop and may be ignored. */
export const isWebSocket = (req: IncomingMessage): boolean =>
  req.method === 'GET' &&
  req.httpVersion === '1.1' && // RFC 9110, 7.8
  req.headers.upgrade?.toLowerCase() === 'websocket' &&
  !hasBody(req);

/** Creates the listener for `upgrade`. Upgraded connections do not end by themselves; draining closes them. */
export const createUpgrade = (context: ProxyContext) => {
  const { config, log, draining, retries, observe } = context;
  const requestUpgrade = createUpgradeAttempts(context);
  const upgraded = new Map<Socket, () => void>(); // with the function that sends the close frame
  draining.addEventListener('abort', () => {
    for (const [socket, close] of upgraded) {
      close();
      setTimeout(() => socket.destroy(), CLOSE_GRACE_MS);
    }
  });

  // Sends the response itself, and resolves with its status.
  const upgrade = async (req: IncomingMessage, socket: Socket, id: string, record: UpgradeRecord): Promise<number> => {
    const abort = new AbortController();
    const disconnected = () => abort.abort(new ClientDisconnected());
    const stopping = () => abort.abort(new NoUpstream());
    socket.once('close', disconnected);
    draining.addEventListener('abort', stopping);
    try {
      if (draining.aborted) throw new NoUpstream();
      const target = parseRequestTarget(req, config.MAX_BODY_BYTES);
      req.url = target.path;
      req.headers = fieldsOf(UPGRADE + linesForUpstream(req, target.host, id, config.TRUSTED_PROXIES));
      retries.deposit();
      const handshake = await requestUpgrade({ req, socket }, id, record, abort.signal);
      const { message } = handshake;
      if (handshake.upgraded) {
        upgraded.set(socket, handshake.close);
        socket.once('close', () => upgraded.delete(socket));
        return 101;
      }
      socket.setTimeout(config.IDLE_TIMEOUT_MS, () => socket.destroy()); // http-proxy has taken the limit off
      void forwardRaw(socket, message, ownLines(record.upstream?.address ?? '', record.attempts, id));
      return message.statusCode ?? 0;
    } catch (error) {
      if (error instanceof ClientDisconnected) return CLIENT_CLOSED_REQUEST;
      const { status, detail, headers } = problemFor(context, error, record.upstream, record.attempts);
      record.reason ??= detail;
      const own = record.attempts > 0 ? ['X-Attempts', `${record.attempts}`] : [];
      rawResponse(socket, status, detail, [...Object.entries(headers ?? {}).flat(), ...own, 'X-Request-Id', id]);
      return status;
    } finally {
      socket.off('close', disconnected);
      draining.removeEventListener('abort', stopping);
    }
  };

  const serve = async (req: IncomingMessage, socket: Socket, head: Buffer): Promise<void> => {
    if (socket.destroyed) return; // it was reset before it was read
    const start = performance.now();
    const requestId = requestIdOf(req);
    const { method, url } = req;
    const client = plainAddress(req.socket.remoteAddress);
    const record: UpgradeRecord = { attempts: 0 };
    socket.setMaxListeners(0); // each attempt adds some
    if (head.length > 0) socket.unshift(head);

    const status = await upgrade(req, socket, requestId, record);
    const seconds = (performance.now() - start) / 1000;
    const ms = Math.round(seconds * 100_000) / 100;
    const line = { requestId, traceparent: traceparentOf(req), method, url, status, ms, client };
    log.info({ ...line, ...record, upstream: record.upstream?.address }, 'upgrade');
    observe?.(status, seconds);
  };

  return (req: IncomingMessage, socket: Socket, head: Buffer): void => {
    serve(req, socket, head).catch((error: unknown) => {
      log.error({ err: error }, 'unexpected error'); // ends only this connection
      socket.destroy();
    });
  };
};

// How long the peers of an upgraded connection may take to close it after the close frame.
const CLOSE_GRACE_MS = 500;
