// What the page is made of, as a browser gets it: read once, and TypeScript without its types.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';
import type { RequestHandler } from 'express';
import { notFound } from '../errors.ts';

/** GET /page/NAME; a browser may keep it, but asks each time whether it is still the same. */
export const createAsset = (): RequestHandler<{ name: string }> => {
  let assets: ReadonlyMap<string, Asset> | undefined;
  return (req, res, next) => {
    assets ??= readAssets();
    const asset = assets.get(req.params.name);
    if (asset === undefined) return notFound(req, res, next);
    res.setHeader('Cache-Control', 'no-cache');
    res.setHeader('ETag', asset.tag);
    if (req.fresh) return void res.status(304).end();
    res.setHeader('Content-Type', asset.type);
    res.setHeader('Content-Length', asset.body.length);
    res.end(req.method === 'HEAD' ? undefined : asset.body);
  };
};

type Asset = { readonly type: string; readonly body: Buffer; readonly tag: string };

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

const readAssets = (): ReadonlyMap<string, Asset> => {
  const own = readdirSync(PAGE).filter((name) => extname(name) in TYPES && !name.endsWith('.d.ts'));
  const files = [...own.map((name) => new URL(name, PAGE)), ...CHART.map((file) => new URL(import.meta.resolve(file)))];
  return new Map(files.map((file) => [file.pathname.replace(/.*\//, ''), assetOf(file)]));
};

const assetOf = (file: URL): Asset => {
  const extension = extname(file.pathname);
  const source = readFileSync(file, 'utf8');
  const body = Buffer.from(extension === '.ts' ? withoutTypes(source) : source);
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"`;
  return { type: TYPES[extension] ?? '', body, tag };
};

const PAGE = new URL('../../page/', import.meta.url);
const CHART = ['uplot/dist/uPlot.esm.js', 'uplot/dist/uPlot.min.css'];

// Node warns, once and on standard error, that this function is experimental. The version of Node is pinned, and the
// log has only JSON lines.
const withoutTypes = (source: string): string => {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
};
