// Answers what is not HTTP, or comes too slowly or too large, with one sentence, and closes the connection.
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { plainAddress } from '@container-counter/network/addresses';
import type { Logger } from '@container-counter/service/log';
import { rawAnswer } from './raw-answer.ts';

/** Makes the listener for `clientError` of `server`. */
export const createRefuseInput = (server: Server, log: Logger) => {
  // On a connection whose last answer is still under way, a second head would corrupt it. Answers go out in order.
  const lastAnswer = new WeakMap<Duplex, ServerResponse>();
  server.prependListener('request', (req, res) => lastAnswer.set(req.socket, res));

  return (error: NodeJS.ErrnoException, socket: Duplex & { remoteAddress?: string }): void => {
    const code = error.code ?? '';
    const gone = code === 'ECONNRESET' || !socket.writable;
    const answering = lastAnswer.get(socket)?.writableFinished === false;
    const [status, sentence] = ANSWERS[code] ?? [400, `This is not a valid HTTP request (${code}).`];
    if (!gone) log.info({ client: plainAddress(socket.remoteAddress), status, reason: code }, 'refused input');
    if (gone || answering) socket.destroy();
    else rawAnswer(socket, status, sentence);
  };
};

const ANSWERS: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too large. Send fewer or shorter headers.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunk extensions are too large. Send none.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to arrive. Send it again.'],
};
