// The errors that no upstream is to blame for.

/** Refused by the proxy itself; the message says why and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** Whether nothing more that comes over this connection can be trusted. */
  readonly close: boolean;
  constructor(status: number, message: string, { close = false } = {}) {
    super(message);
    this.status = status;
    this.close = close;
  }
}

/** The client went away; nobody waits for an answer, and no upstream is to blame. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Its shared connection was left because of another request on it; the same upstream may be asked again. */
export class PipelineLeft extends Error {
  override readonly name = 'PipelineLeft';
}
