// The same replicas behind http-proxy, used as its documentation shows: round robin, over keep-alive connections.
import type { Contestant } from '../contestant.ts';
import { startDaemon } from '../daemon.ts';

const MAIN = new URL('../proxies/http-proxy.ts', import.meta.url).pathname;

export const httpProxy: Contestant = {
  name: 'http-proxy',
  about: 'the same replicas behind bare http-proxy, with keep-alive connections, without a log',
  replica: 'counter',
  proxy: (t, { port, upstreams, folder }) =>
    startDaemon(t, folder, port, process.execPath, [MAIN], { PORT: `${port}`, UPSTREAMS: upstreams.join() }),
};
