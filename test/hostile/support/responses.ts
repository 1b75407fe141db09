// Parses the responses in the bytes that a client has received so far.

export type RawResponse = {
  /** 0 for bytes without a status line, as HTTP/0.9 has them. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** Whether it says that the connection ends with it. */
  readonly last: boolean;
};

/**
 * All complete responses at the beginning of `bytes`.
 * @param ended whether the connection is closed, which ends a response without a length
 * @param headOnly whether the first of them, other than an interim one, is to a HEAD request
 */
export const readResponses = (bytes: string, ended: boolean, headOnly: boolean): RawResponse[] => {
  const responses: RawResponse[] = [];
  let bodiless = headOnly;
  for (let rest = bytes; rest !== ''; ) {
    const found = readResponse(rest, ended, bodiless);
    if (found === undefined) return responses;
    responses.push(found.response);
    if (found.response.status >= 200) bodiless = false;
    rest = rest.slice(found.length);
  }
  return responses;
};

type Found = { readonly response: RawResponse; readonly length: number };

const readResponse = (bytes: string, ended: boolean, bodiless: boolean): Found | undefined => {
  if (!'HTTP/'.startsWith(bytes.slice(0, 5))) {
    return ended ? { response: { status: 0, head: '', body: bytes, last: true }, length: bytes.length } : undefined;
  }
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.slice(0, end + 4);
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1]);
  const rest = bytes.slice(head.length);
  const body = bodiless || status < 200 || status === 204 || status === 304 ? '' : readBody(head, rest, ended);
  if (body === undefined) return undefined;
  const last = /\r\nConnection: close\r\n/i.test(head) || (/^HTTP\/1\.0/.test(head) && !/keep-alive/i.test(head));
  return { response: { status, head, body, last }, length: head.length + body.length };
};

const readBody = (head: string, rest: string, ended: boolean): string | undefined => {
  const length = /\r\nContent-Length: *(\d+)\r\n/i.exec(head)?.[1];
  if (length !== undefined) return rest.length < Number(length) ? undefined : rest.slice(0, Number(length));
  if (/\r\nTransfer-Encoding: *chunked\r\n/i.test(head)) return /^(?:[\da-f]+\r\n.*\r\n)*?0\r\n\r\n/is.exec(rest)?.[0];
  return ended ? rest : undefined;
};
