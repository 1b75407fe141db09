// Waits until the replicas are ready and the proxy considers all of them healthy.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamsReport } from '@container-counter/api/messages';
import { request } from 'undici';

const ASK_EVERY_MS = 100;

/** @param onSlow called after `slowMs` with the reason for not being ready, and whenever it changes */
export const untilReady = async (
  url: string,
  replicas: number,
  stop: AbortSignal,
  slowMs: number,
  onSlow: (reason: string) => void,
): Promise<void> => {
  const slowAt = Date.now() + slowMs;
  const reported = new Set<string>();
  while (!stop.aborted) {
    const reason = await notReady(url, replicas);
    if (reason === undefined) return;
    if (!reported.has(reason) && Date.now() >= slowAt) {
      reported.add(reason);
      onSlow(reason);
    }
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
};

/**
 * Waits until `GET /readyz` responds with 200 on each of these ports of loopback, but no longer than `patienceMs`.
 * @param onReady called with each port when it does
 */
export const untilReplicasReady = async (
  ports: readonly number[],
  stop: AbortSignal,
  patienceMs: number,
  onReady: (port: number) => void = () => {},
): Promise<void> => {
  const end = Date.now() + patienceMs;
  const waiting = new Set(ports);
  while (waiting.size > 0 && !stop.aborted && Date.now() < end) {
    for (const port of waiting) {
      if (!(await isReady(port))) continue;
      waiting.delete(port);
      onReady(port);
    }
    if (waiting.size > 0) await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
};

const isReady = async (port: number): Promise<boolean> => {
  try {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/readyz`, ASK_LIMITS);
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
};

/** Waits until something accepts connections on this port of loopback. @returns whether it does, or `stop` came before */
export const untilListening = async (port: number, stop: AbortSignal): Promise<boolean> => {
  while (!stop.aborted) {
    if (await isListening(port)) return true;
    await sleep(ASK_EVERY_MS, undefined, { signal: stop }).catch(() => {});
  }
  return false;
};

const isListening = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const ASK_LIMITS = { headersTimeout: 2000, bodyTimeout: 2000 } as const;

const notReady = async (url: string, replicas: number): Promise<string | undefined> => {
  try {
    const { body } = await request(`${url}/-/upstreams`, ASK_LIMITS);
    const { upstreams } = (await body.json()) as UpstreamsReport;
    if (upstreams.filter(({ state }) => state === 'healthy').length >= replicas) return undefined;
    const waiting = upstreams.find(({ state }) => state !== 'healthy');
    return waiting?.lastError ?? 'not all replicas are healthy yet.';
  } catch (error) {
    return `the proxy does not respond yet (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}).`;
  }
};
