// Serves the page, with the number of the hit that opened it, and its files.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RequestHandler, Response } from 'express';
import { notFound } from '../errors.ts';
import { pageFiles } from './files.ts';

/** Sends the page; `hit` says which hit this is, `failure` why it was not counted, and both may be any text. */
export const sendPage = (res: Response, { hit = '', failure = '' }: { hit?: string; failure?: string }): void => {
  page ??= readPage();
  const body = page.html.replace('{{hit}}', () => escaped(hit)).replace('{{failure}}', () => escaped(failure));
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.setHeader('Content-Security-Policy', page.policy);
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.end(body);
};

/**
 * GET /page/VERSION/NAME. Browsers cache it, so that reloading the page is a single request. During a rolling update it
 * may be asked for another version, and serves its own.
 */
export const sendPageFile: RequestHandler<{ version: string; name: string }> = (req, res, next) => {
  const { named, version } = pageFiles();
  const file = named.get(req.params.name);
  if (file === undefined) return notFound(req as never, res, next);
  if (req.params.version === version) res.setHeader('Cache-Control', 'public, max-age=31536000, immutable');
  res.setHeader('Content-Type', file.type);
  res.setHeader('Content-Length', file.body.length);
  res.end(req.method === 'HEAD' ? undefined : file.body);
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

let page: { readonly html: string; readonly policy: string } | undefined;

const readPage = () => {
  const source = readFileSync(new URL('../../page/index.html', import.meta.url), 'utf8');
  const html = source.replaceAll('/page/', `/page/${pageFiles().version}/`);
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
  return { html, policy: policyFor(createHash('sha256').update(script).digest('base64')) };
};

// Only files of this origin, no inline styles, of inline scripts the one that loads the others, and trusted types.
const policyFor = (hash: string): string =>
  [
    "default-src 'none'",
    `script-src 'self' 'sha256-${hash}'`,
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
