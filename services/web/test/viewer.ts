// A viewer of the live feed, which keeps what it was told.
import { once } from 'node:events';
import type { LiveMessage } from '@container-counter/api/messages';
import type { Cleanup } from '@container-counter/testing/ends';
import { eventually } from '@container-counter/testing/eventually';
import { type ClientOptions, WebSocket } from 'ws';

export type TestViewer = {
  readonly socket: WebSocket;
  /** Every message so far. */
  readonly messages: readonly LiveMessage[];
  /** Resolves when the last message satisfies `test`. */
  readonly until: (test: (last: LiveMessage) => boolean) => Promise<void>;
};

/** Watches the replica or proxy at `url`; resolves when the connection is open. */
export const openViewer = async (t: Cleanup, url: string, options: ClientOptions = {}): Promise<TestViewer> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/live`, options);
  t.after(() => socket.terminate());
  const messages: LiveMessage[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await once(socket, 'open');
  const until = (test: (last: LiveMessage) => boolean) =>
    eventually(
      () => {
        const last = messages.at(-1);
        if (last === undefined || !test(last)) throw new Error(`the last message is ${JSON.stringify(last)}`);
      },
      { every: 10 },
    );
  return { socket, messages, until };
};
