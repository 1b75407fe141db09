// The page for a browser when no replica responds: it says why, and reloads itself as soon as that changes.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Problem } from '@container-counter/service/problem';

/** Whether a request is a person's, who looks at a page, and `problem` an outage, which may end while they look. */
export const isOutageOfPage = (
  { method, headers }: Pick<IncomingMessage, 'headers' | 'method'>,
  { status }: Problem,
): boolean => method === 'GET' && status >= 502 && headers.accept?.includes('text/html') === true;

export const outagePage = ({ detail }: Problem) => {
  const text = detail.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  return {
    type: 'text/html; charset=utf-8',
    body: PAGE.replace('{{written}}', new Date().toISOString()).replace('{{detail}}', () => text),
    headers: { 'Content-Security-Policy': POLICY, 'Referrer-Policy': 'no-referrer' },
  };
};

const STYLE = `
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif;
  background: light-dark(#f6f7f9, #10141a); color: light-dark(#18202b, #e8edf3) }
main { max-width: 42rem; margin: 12vh auto; padding: 1.5rem; border: 1px solid light-dark(#b3261e, #ff8a80);
  border-radius: 14px; background: light-dark(#ffffff, #181e26) }
h1 { margin: 0 0 1rem; font-size: 1.4rem; line-height: 1.3 }
p { margin: 0.75rem 0 0; overflow-wrap: anywhere }
`;

// Asks what the proxy says of its replicas until that changes, which may be before it first asks. A reload may be
// counted, so it must be worth it.
const SCRIPT = `
const { written } = document.documentElement.dataset;
let before;
const isChanged = async () => {
  const { upstreams } = await (await fetch('/-/upstreams', { cache: 'no-store' })).json();
  const now = JSON.stringify(upstreams.map(({ address, state, lastError }) => [address, state, lastError]));
  return upstreams.some(({ since }) => since >= written) || now !== (before ??= now);
};
while (!(await isChanged().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 500));
location.reload();
`;

const PAGE = `<!doctype html>
<html lang="en" data-written="{{written}}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>container-counter: no response</title>
    <style>${STYLE}</style>
    <script type="module">${SCRIPT}</script>
  </head>
  <body>
    <main>
      <h1>The proxy responds, but no replica does</h1>
      <p>{{detail}}</p>
      <p>This page reloads as soon as that changes.</p>
    </main>
  </body>
</html>
`;

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
