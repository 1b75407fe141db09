// Errors that do not count as failures of an upstream.

/** RequestRejected by the proxy itself; the message says why and what to do. */
export class RequestRejected extends Error {
  override readonly name = 'RequestRejected';
  readonly status: number;
  /** Whether nothing more that comes over this connection can be trusted. */
  readonly close: boolean;
  constructor(status: number, message: string, { close = false } = {}) {
    super(message);
    this.status = status;
    this.close = close;
  }
}

/** The client has disconnected, so no response is needed. */
export class ClientDisconnected extends Error {
  override readonly name = 'ClientDisconnected';
}

/** There was no healthy upstream to select. */
export class NoUpstream extends Error {
  override readonly name = 'NoUpstream';
}

/** The upstream responded, but another one may do better. */
export class ResponseDiscarded extends Error {
  override readonly name = 'ResponseDiscarded';
}

/** The response belongs to another request, or to none, by its `X-Request-Id`. */
export class ResponseMismatched extends Error {
  override readonly name = 'ResponseMismatched';
  override readonly message = 'it sent a response that belongs to another request';
}

/** The shared connection ended because of another request on it; the same upstream may be tried again. */
export class PipelineAborted extends Error {
  override readonly name = 'PipelineAborted';
}
