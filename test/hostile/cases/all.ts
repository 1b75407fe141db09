// All cases, by topic.
import type { Case } from '../support/case.ts';
import { chunks } from './chunks.ts';
import { contentLength } from './content-length.ts';
import { fields } from './fields.ts';
import { hopByHop } from './hop-by-hop.ts';
import { requestLines } from './request-lines.ts';
import { sizes } from './sizes.ts';
import { targets } from './targets.ts';
import { transferEncoding } from './transfer-encoding.ts';

export const TOPICS: Readonly<Record<string, readonly Case[]>> = {
  'Content-Length': contentLength,
  'Transfer-Encoding': transferEncoding,
  Chunks: chunks,
  'Field lines': fields,
  'Request lines': requestLines,
  'Targets and hosts': targets,
  'Hop by hop': hopByHop,
  'Size and time': sizes,
};
