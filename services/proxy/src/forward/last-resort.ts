// The live page must open while no replica is healthy, for it shows what is wrong: a replica that responds will do for it.
import type { Upstream } from '../upstream/upstream.ts';
import type { ClientRequest } from './client.ts';

/** An upstream that is not ready but responds, such as a replica whose Redis is down. */
export const lastResort = (upstreams: readonly Upstream[], tried: ReadonlySet<Upstream>): Upstream | undefined =>
  upstreams.find((upstream) => upstream.responds && !tried.has(upstream));

/** Whether `request` is for the live page, or for one of its files. */
export const isForPage = ({ method, path, lines }: ClientRequest): boolean =>
  method === 'GET' && (path.startsWith('/page/') || (path === '/' && ACCEPTS_HTML.test(lines)));

const ACCEPTS_HTML = /\r\naccept:[^\r]*text\/html/i;
