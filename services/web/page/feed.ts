// The live feed: connects to any replica, and reconnects to another one when it falls silent.
import type { LiveMessage } from '@container-counter/api/messages';

export type FeedEvents = {
  readonly onMessage: (message: LiveMessage) => void;
  /** The connection is lost; reconnecting. */
  readonly onLost: () => void;
};

const SILENCE_MS = 3500; // a replica sends at least every second, or every two while Redis is silent
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1600;

/** Watches for as long as the page can be seen. */
export const watchFeed = ({ onMessage, onLost }: FeedEvents): void => {
  let socket: WebSocket | undefined;
  let silence = 0;
  let retry = 0;
  let pause = FIRST_PAUSE_MS;

  const connect = (): void => {
    const current = new WebSocket(new URL('/live', location.href.replace(/^http/, 'ws')));
    socket = current;
    const expectMore = () => {
      clearTimeout(silence);
      silence = setTimeout(lost, SILENCE_MS);
    };
    const lost = () => {
      if (socket !== current) return;
      leave();
      onLost();
      retry = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
    expectMore();
    current.addEventListener('close', lost);
    current.addEventListener('message', ({ data }) => {
      if (socket !== current) return;
      pause = FIRST_PAUSE_MS;
      expectMore();
      onMessage(JSON.parse(String(data)));
    });
  };

  const leave = (): void => {
    clearTimeout(silence);
    clearTimeout(retry);
    const last = socket;
    socket = undefined;
    last?.close();
  };

  const follow = () => (document.hidden ? leave() : (socket ?? connect()));
  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', follow);
  follow();
};
