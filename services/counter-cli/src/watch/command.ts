// `counter watch`: shows the cluster live, in place on a terminal, line by line elsewhere.
import { Command } from 'commander';
import { Agent } from 'undici';
import { readConfig } from '../config.ts';
import { helpFooter } from '../help.ts';
import { urlOption } from '../options.ts';
import { colorsOf, hasEscapes, print, printFolded, type Terminal } from '../terminal.ts';
import { watchLive } from './live.ts';
import { createRate, line, picture, type Seen } from './picture.ts';
import { openScreen, sizeOf } from './screen.ts';

const FRAME_MS = 100;
const LINE_MS = 1000;

export const watch = (terminal: Terminal): Command =>
  new Command('watch')
    .description('Show the cluster live: replicas, their states and shares, and the rate; counts nothing.')
    .addOption(urlOption())
    .addHelpText('after', HELP)
    .action(async ({ url }: { readonly url?: URL }) => {
      await follow(terminal, url ?? readConfig(terminal.env).counterUrl);
    });

const follow = async (terminal: Terminal, url: URL): Promise<void> => {
  const stop = new AbortController();
  void terminal.stopSignal().then(() => stop.abort());
  terminal.stdout.once('error', () => stop.abort()); // nobody reads it any more: counter watch | head -1
  const agent = new Agent({ connect: { timeout: 2000 } });
  const rateAt = createRate();
  let seen: Seen = {
    url: url.href,
    message: undefined,
    connected: false,
    noCounts: undefined,
    upstreams: [],
    rate: undefined,
  };
  const live = hasEscapes(terminal);
  const show = live ? inPlace(terminal) : byLine(terminal);
  const timer = setInterval(() => show.update(seen), live ? FRAME_MS : LINE_MS);
  try {
    await watchLive(agent, url, stop.signal, {
      onMessage: (message) => {
        seen = { ...seen, message, rate: rateAt(performance.now(), message.counts?.requests) };
      },
      onFeed: (connected) => {
        seen = { ...seen, connected };
      },
      onCounts: (noCounts) => {
        seen = { ...seen, noCounts };
      },
      onUpstreams: (upstreams) => {
        seen = { ...seen, upstreams };
      },
    });
  } finally {
    clearInterval(timer);
    show.end();
    await agent.destroy();
  }
};

const inPlace = (terminal: Terminal) => {
  const screen = openScreen(terminal.stdout);
  const colors = colorsOf(terminal);
  let last: Seen | undefined;
  let before: string | undefined;
  return {
    update: (seen: Seen): void => {
      const size = sizeOf(terminal.stdout);
      const lines = picture(seen, colors, size);
      const now = JSON.stringify([size, lines]);
      if (now !== before) screen.draw(lines);
      before = now;
      last = seen;
    },
    end: () => {
      screen.leave();
      if (last !== undefined) printFolded(terminal, line(last)); // the picture disappears with its screen
    },
  };
};

const byLine = (terminal: Terminal) => {
  let before: string | undefined;
  return {
    update: (seen: Seen): void => {
      const text = line(seen);
      if (text !== before) print(terminal, text);
      before = text;
    },
    end: () => {},
  };
};

const HELP = helpFooter({
  notes: [
    'It shows what the live page shows, from the same feed, and reconnects automatically. If standard',
    'output is not a terminal, or TERM is dumb, it prints a line for each change, at most once per',
    'second.',
    'Ctrl-C ends it.',
  ],
  exit: 'Exit codes: 0 ended by Ctrl-C, 2 wrong usage.',
  examples: ['counter watch', 'counter watch --url http://localhost:8081', 'counter watch | tee shares.log'],
});
