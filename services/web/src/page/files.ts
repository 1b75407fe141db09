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
  '.mjs': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
};

const readFiles = (): PageFiles => {
  const own = readdirSync(PAGE)
    .filter((name) => extname(name) in TYPES)
    .sort(); // every replica must find the same version
  const named = new Map(own.map((name) => [name, fileOf(new URL(name, PAGE))]));
  named.set('uqr.mjs', fileOf(new URL(import.meta.resolve('uqr'))));
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
