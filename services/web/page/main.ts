// The live page: renders the feed and the state of the upstreams.
import type { LiveMessage, Totals, UpstreamReport } from '@container-counter/api/messages';
import { createAnnouncer } from './announcer.ts';
import { connectButtons } from './buttons.ts';
import { createChart } from './chart.ts';
import { byId, setText } from './elements.ts';
import { createFaults } from './faults.ts';
import { watchFeed } from './feed.ts';
import { createHitLog } from './hit-log.ts';
import { createNews } from './news.ts';
import { createPulses } from './pulses.ts';
import { createRoster } from './roster.ts';
import { createSamples } from './samples.ts';
import { createShares } from './shares.ts';
import { createTopology } from './topology.ts';
import { watchUpstreams } from './upstreams.ts';
import { sentenceOf } from './wiring.ts';

const announce = createAnnouncer();
const tellNews = createNews(announce);
const showFaults = createFaults();
const showShares = createShares();
const log = createHitLog();
const topology = createTopology(byId('topology'));
const pulses = createPulses(topology.pulses);
const showChart = createChart(byId('plot'));
const rosterOf = createRoster();
const sample = createSamples();

let live: LiveMessage | undefined;
let connected = false;
let counts: Totals = { requests: 0, replicas: {} };
let upstreams: readonly UpstreamReport[] = [];
let roster = rosterOf([], counts, Date.now());
let proxyFailure: string | undefined;
let hitFailure: string | undefined;
let told = 0;
let frame = 0;

const show = (): void => {
  frame = 0;
  const redisFailure = live?.redis.failure;
  const { replicas, healthy } = roster;
  const feedFailure = connected || live === undefined ? undefined : 'Connection lost. Reconnecting…';
  const sentences = [proxyFailure, redisFailure, hitFailure, feedFailure].filter((text) => text !== undefined);
  showFaults([...new Set(sentences)]);
  const [redisDown, proxyDown] = [redisFailure !== undefined, proxyFailure !== undefined];
  topology.draw({ replicas, redis: live?.redis, redisDown, proxyDown });
  showShares(roster);
  tellNews({ replicas, redisFailure, connected });
  if (live === undefined) return;
  setText(byId('wiring'), sentenceOf(live.redis));
  setText(byId('requests'), counts.requests.toLocaleString('en'));
  const known = replicas.filter(({ state }) => state !== 'removed').length;
  setText(byId('healthy'), known === 0 ? '–' : `${healthy} of ${known}`);
  setText(byId('feed'), connected ? `The live feed comes from ${live.replica}.` : 'The live feed is disconnected.');
};

const soon = (): void => {
  if (frame === 0) frame = requestAnimationFrame(show);
};

const join = (): void => {
  roster = rosterOf(upstreams, counts, Date.now());
  soon();
};

watchFeed({
  onMessage: (message) => {
    live = message;
    connected = true;
    counts = message.counts ?? counts;
    log.add(message.hits);
    const now = performance.now();
    const step = Math.min(now - told, 500) / message.hits.length; // they came one after the other
    told = now;
    for (const [i, { replica }] of message.hits.entries()) {
      const way = topology.wayOf(replica);
      if (way !== undefined) pulses.run(way, i * step);
    }
    join();
  },
  onLost: () => {
    connected = false;
    soon();
  },
});

void watchUpstreams({
  onUpstreams: (told) => {
    upstreams = told;
    proxyFailure = undefined;
    join();
    tick();
  },
  onFailure: (sentence) => {
    proxyFailure = sentence;
    soon();
    tick();
  },
});

// Rates cover the last second, and are updated with every poll of the proxy.
const tick = (): void => {
  const now = Date.now();
  const samples = sample(now, live?.counts?.requests ?? null, upstreams);
  showChart(samples, now);
  const rate = samples.at(-1)?.rate ?? null;
  const latency = samples.findLast((one) => one.latency !== null)?.latency ?? null;
  setText(byId('rate'), rate === null ? '–' : rate.toLocaleString('en', { maximumFractionDigits: rate < 10 ? 1 : 0 }));
  setText(byId('latency'), latency === null ? '–' : `${latency.toFixed(latency < 10 ? 1 : 0)} ms`);
};

connectButtons(
  announce,
  (sentence) => {
    hitFailure = sentence;
    setTimeout(() => {
      hitFailure = undefined;
      soon();
    }, 5000);
    soon();
  },
  (paused) => {
    pulses.pause(paused);
    log.pause(paused);
  },
);
const { hit, failure } = byId('opened').dataset;
setText(
  byId('opened'),
  hit === ''
    ? `Opening this page was not counted: ${failure}`
    : `Opening this page was ${hit}: it counts one hit, like every GET /. Watching counts none.`,
);
new ResizeObserver(soon).observe(byId('topology'));
