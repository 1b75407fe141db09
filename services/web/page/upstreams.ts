// Polls the proxy for the state of its upstreams while the page is visible.
import type { UpstreamReport, UpstreamsReport } from '@container-counter/api/messages';

const EVERY_MS = 500; // with the probes of the proxy, a killed replica is seen within two seconds
const TIMEOUT_MS = 2000;

/** @param onPoll called with what the proxy reports; undefined when it does not respond */
export const watchUpstreams = async (
  onPoll: (upstreams: readonly UpstreamReport[] | undefined) => void,
): Promise<never> => {
  for (;;) {
    if (!document.hidden) onPoll(await ask().catch(() => undefined));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
};

const ask = async (): Promise<readonly UpstreamReport[]> => {
  const response = await fetch('/-/upstreams', { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (response.status === 404) return []; // this page came from a replica itself, without a proxy
  return ((await response.json()) as UpstreamsReport).upstreams;
};
