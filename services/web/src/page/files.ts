// The files of the page, as a browser gets them: read once, and TypeScript without its types.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { extname } from 'node:path';

export type PageFile = { readonly type: string; readonly body: Buffer };

export type PageFiles = {
  readonly named: ReadonlyMap<string, PageFile>;
  /** A hash of all files, so that browsers may cache them forever. */
  readonly version: string;
};

let read: PageFiles | undefined;

/** Reads them on the first request. */
export const pageFiles = (): PageFiles => {
  read ??= readFiles();
  return read;
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

const readFiles = (): PageFiles => {
  const own = readdirSync(PAGE)
    .filter((name) => extname(name) in TYPES && !name.endsWith('.d.ts'))
    .sort(); // every replica must find the same version
  const urls = [...own.map((name) => new URL(name, PAGE)), ...CHART.map((file) => new URL(import.meta.resolve(file)))];
  const named = new Map(urls.map((url) => [url.pathname.replace(/.*\//, ''), fileOf(url)]));
  const hash = createHash('sha256');
  for (const [name, { body }] of named) hash.update(name).update(body);
  return { named, version: hash.digest('base64url').slice(0, 12) };
};

const fileOf = (url: URL): PageFile => {
  const extension = extname(url.pathname);
  const source = readFileSync(url, 'utf8');
  return { type: TYPES[extension] ?? '', body: Buffer.from(extension === '.ts' ? withoutTypes(source) : source) };
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
