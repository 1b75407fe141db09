// The live page: renders the feed and the state of the upstreams.
import type { LiveMessage, Totals, UpstreamReport } from '@container-counter/api/messages';
import { createAnnouncer } from './announcer.ts';
import { createChart } from './chart.ts';
import { connectControls } from './controls.ts';
import { createDetails } from './details.ts';
import { byId, setText } from './elements.ts';
import { createEvents, type Happening } from './events.ts';
import { createFaults, faultsOf, redisFailureOf } from './faults.ts';
import { watchFeed } from './feed.ts';
import { createHitLog } from './hit-log.ts';
import type { OwnHit } from './hits.ts';
import { layOut } from './layout.ts';
import { connectPresent, scaleOf } from './present.ts';
import { createPulses } from './pulses.ts';
import { connectQrCode } from './qr-code.ts';
import { createRecent } from './recent.ts';
import { createRoster } from './roster.ts';
import { createSamples, type Sample } from './samples.ts';
import { createShares } from './shares.ts';
import { createSlowMotion } from './slow-motion.ts';
import { openingHit, showOpened, showRates, showSummary } from './summary.ts';
import { createTopology } from './topology.ts';
import { createTraffic } from './traffic.ts';
import { watchUpstreams } from './upstreams.ts';
import { connectLanguage, timeOf, words } from './words.ts';

document.documentElement.dataset['started'] = 'yes';

const SHOW_EVERY_MS = 100;
const SHOW_BUSY_MS = 400; // more cannot be followed, and would keep a processor busy
const FEED_LOST_MS = 1500; // a replica that fed the page may end; the next one takes over

const announce = createAnnouncer();
const showFaults = createFaults();
const log = createHitLog();
const details = createDetails();
const rosterOf = createRoster();
const recent = createRecent();
const sample = createSamples();
const showChart = createChart(byId('plot'));

let live: LiveMessage | undefined;
let feedLostAt: number | undefined = Date.now();
let counts: Totals | undefined; // what Redis held when it last responded
let upstreams: readonly UpstreamReport[] | undefined = [];
let proxyDownSince: number | undefined;
let roster = rosterOf([], counts, Date.now());
let samples: readonly Sample[] = [];
let happened: readonly Happening[] = [];
let hitFailure: string | undefined;
let paused = false;
let shownAt = 0;
let busy = false;
let timer = 0;

const choose = (name: string): void => {
  const replica = [...roster.replicas, ...roster.former].find((one) => one.name === name);
  if (replica !== undefined) details.open(replica, live?.redis);
};
const picture = byId('topology');
const topology = createTopology(picture, choose);
const showShares = createShares(choose);
const pulses = createPulses(topology.pulses, topology.pathOf);
const slowMotion = createSlowMotion(topology.marker, () => paused);
const events = createEvents(announce, (all) => {
  happened = all;
  setText(byId('last-event'), `${timeOf(all.at(-1)?.at ?? 0)} ${all.at(-1)?.text}`);
});
const showHits = createTraffic(pulses.run, (sentence) => events.add('info', sentence));

const show = (): void => {
  timer = 0;
  shownAt = performance.now();
  const now = Date.now();
  const { replicas } = roster;
  const connected = feedLostAt === undefined;
  const redisFailure = redisFailureOf(connected ? live?.redis : undefined, replicas);
  const feedLost = live !== undefined && feedLostAt !== undefined && now - feedLostAt > FEED_LOST_MS;
  showFaults(faultsOf({ proxyDownSince, redisFailure, replicas, feedLost, hitFailure }));
  const [redisDown, proxyDown] = [redisFailure !== undefined, proxyDownSince !== undefined];
  document.body.classList.toggle('unknown', proxyDown);
  document.body.classList.toggle('ready', proxyDown || (live !== undefined && replicas.length > 0));
  const heightAt = (width: number) => layOut(width, replicas.length).height;
  const scale = scaleOf(isPresenting(), picture, heightAt);
  topology.draw({ replicas, redis: live?.redis, redisDown, proxyDown, scale });
  const latest = recent.at(now);
  busy = topology.flow(latest);
  pulses.stop(busy || paused || slowMotion.running());
  showShares(roster, latest);
  details.show([...replicas, ...roster.former]);
  const feed = connected ? live?.replica : undefined;
  events.compare({ replicas, redisFailure, proxyDown, feed, requests: counts?.requests ?? 0 });
  showSummary({ counts, roster, proxyDownSince, live, feed });
};

const soon = (): void => {
  const pace = busy ? SHOW_BUSY_MS : SHOW_EVERY_MS;
  if (timer === 0) timer = setTimeout(show, Math.max(0, pace - (performance.now() - shownAt)));
};

const join = (): void => {
  roster = rosterOf(upstreams, counts, Date.now());
  soon();
};

watchFeed({
  onMessage: (message) => {
    live = message;
    feedLostAt = undefined;
    if (message.counts !== null) {
      counts = message.counts;
      recent.add(Date.now(), counts);
    }
    log.add(message.hits);
    showHits(message.hits);
    join();
  },
  onLost: () => {
    feedLostAt ??= Date.now();
    soon();
  },
});

// Rates cover the last second, and are updated with every poll of the proxy.
const polled = (reported: readonly UpstreamReport[] | undefined): void => {
  const now = Date.now();
  upstreams = reported;
  proxyDownSince = reported === undefined ? (proxyDownSince ?? now) : undefined;
  join();
  const requests = feedLostAt === undefined ? (live?.counts?.requests ?? null) : null;
  samples = sample(now, requests, upstreams ?? []);
  showChart(samples, happened, now);
  showRates(samples, now);
};
void watchUpstreams(polled);

const play = (hit: OwnHit): void => {
  const [path, redis] = [topology.pathOf(hit.replica), live?.redis];
  const address = roster.replicas.find(({ name }) => name === hit.replica)?.upstream?.address ?? hit.replica;
  if (path !== undefined && redis !== undefined) void slowMotion.play({ hit, address, redis, path });
};

connectControls({
  announce,
  onHit: details.remember,
  onSlow: () => pulses.stop(true),
  play,
  onFailure: (sentence) => {
    hitFailure = sentence;
    soon();
  },
  onPause: (now) => {
    paused = now;
    log.pause(paused);
    soon();
  },
});

connectQrCode();
const isPresenting = connectPresent(soon);
connectLanguage(byId('language') as HTMLSelectElement, () => {
  log.draw();
  showOpened();
  soon();
});
showOpened();
const opened = openingHit();
events.add('info', opened === '' ? words.openedUncounted : words.opened(opened), true);
new ResizeObserver(soon).observe(picture);
