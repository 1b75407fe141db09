// The page as a document: the same for everyone, but for the hit that opening it was.
import { readFileSync } from 'node:fs';
import type { Response } from 'express';

/** Sends the page; `sentence` tells which hit this is, and may be any text. */
export const sendPage = (res: Response, sentence: string): void => {
  const body = PAGE.replace('{{hit}}', () =>
    sentence.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`),
  );
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.setHeader('Content-Security-Policy', POLICY);
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.end(body);
};

const PAGE = readFileSync(new URL('../../page/index.html', import.meta.url), 'utf8');

// Only files of this origin, no script or style inside the document, and no text that becomes HTML.
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');
