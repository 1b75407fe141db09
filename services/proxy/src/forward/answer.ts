// An upstream's answer on its way to the client: as fast as it is read, and a small one in one piece.
import type { ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { reasonPhrase } from './headers.ts';

export class Answer {
  begun = false;
  readonly #res: ServerResponse;
  #length = 0;
  #small: string | undefined;

  constructor(res: ServerResponse) {
    this.#res = res;
  }

  /** @param length of the body in bytes, NaN when that is not known */
  begin(status: number, reason: string | undefined, head: string[], length: number): void {
    this.begun = true;
    this.#res.writeHead(status, reasonPhrase(reason), head);
    this.#length = length;
  }

  add(chunk: Buffer, controller: Dispatcher.DispatchController): void {
    // One that is here as a whole waits for its end: with the head it is one string, which is the cheapest to write.
    if (chunk.length === this.#length && chunk.length <= SMALL_BYTES) this.#small = chunk.toString('latin1');
    else if (!this.#res.write(chunk)) {
      controller.pause();
      this.#res.once('drain', () => controller.resume());
    }
  }

  end(): void {
    if (this.#small === undefined) this.#res.end();
    else this.#res.end(this.#small, 'latin1');
  }
}

const SMALL_BYTES = 4096;
