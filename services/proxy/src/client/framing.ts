// Rejects requests that Node's parser accepts, but another server could parse differently.
import type { IncomingMessage } from 'node:http';
import { RequestRejected } from '../forward/errors.ts';

/** @throws {RequestRejected} closing the connection, for the end of such a request may be elsewhere than it seems */
export const checkFraming = ({ httpVersion, method = '', headers, rawHeaders }: IncomingMessage): void => {
  const reject = (status: number, sentence: string): never => {
    throw new RequestRejected(status, sentence, { close: true });
  };
  if (httpVersion !== '1.1' && httpVersion !== '1.0') {
    reject(505, `HTTP/${httpVersion} is not supported. Send HTTP/1.1.`);
  }
  if (rawHeaders.length > 2 * MAX_HEADERS) {
    reject(431, `The request has more than ${MAX_HEADERS} headers. Send fewer.`);
  }
  if (UNSUPPORTED_METHODS.has(method)) reject(501, `${method} is not supported by this proxy. Use GET.`);
  const coding = headers['transfer-encoding'];
  // RFC 9112, 6.1: HTTP/1.0 has no codings, so that a server before this one may have seen another end.
  if (coding !== undefined && httpVersion === '1.0') reject(400, 'HTTP/1.0 has no Transfer-Encoding. Send HTTP/1.1.');
  // Node accepts any list that ends in chunked, and would pass on the other codings undecoded and undeclared.
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    reject(501, `The Transfer-Encoding ${JSON.stringify(coding)} is not supported. Send chunked.`);
  }
};

/** @throws {RequestRejected} for an expectation other than that of a 100 (RFC 9110, 10.1.1); HTTP/1.0 has none */
export const checkExpectation = ({ httpVersion, headers: { expect } }: IncomingMessage): void => {
  if (expect === undefined || httpVersion === '1.0' || /100-continue/i.test(expect)) return;
  throw new RequestRejected(
    417,
    `The expectation ${JSON.stringify(expect.slice(0, 100))} is not supported. Send none.`,
  );
};

/** @throws {RequestRejected} for a single-valued header that occurs more than once */
export const rejectDuplicates = ({ rawHeaders }: IncomingMessage, ...names: readonly string[]): void => {
  for (const name of names) {
    const lower = name.toLowerCase();
    let found = 0;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const other = rawHeaders[i] as string;
      if (other.length === name.length && other.toLowerCase() === lower) found += 1;
    }
    if (found > 1) throw new RequestRejected(400, `The request has more than one ${name} header. Send one.`);
  }
};

// As in Apache. Far below the 2000 after which Node silently drops headers.
const MAX_HEADERS = 100;

// TRACE would reveal cookies to scripts; CONNECT asks for a tunnel; SOURCE belongs to Icecast, not to HTTP.
const UNSUPPORTED_METHODS: ReadonlySet<string> = new Set(['TRACE', 'CONNECT', 'SOURCE']);
