// The errors that no upstream is to blame for.

/** Refused by the proxy itself; the message says why and what to do. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The client went away; nobody waits for an answer, and no upstream is to blame. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}
