// The live page: renders the feed and the state of the upstreams.
import type { LiveMessage, Totals, UpstreamReport } from '@container-counter/api/messages';
import { createAnnouncer } from './announcer.ts';
import { createChart } from './chart.ts';
import { logCommand } from './commands.ts';
import { createDetails } from './details.ts';
import { byId, setText } from './elements.ts';
import { createEvents, type Happening } from './events.ts';
import { createFaults, faultsOf, redisFailureOf } from './faults.ts';
import { watchFeed } from './feed.ts';
import { createHitLog } from './hit-log.ts';
import { type OwnHit, sendHits } from './hits.ts';
import { layOut } from './layout.ts';
import { connectPresent, scaleOf } from './present.ts';
import { createPulses } from './pulses.ts';
import { createRecent } from './recent.ts';
import { createRoster } from './roster.ts';
import { createSamples, type Sample } from './samples.ts';
import { createShares } from './shares.ts';
import { createSlowMotion } from './slow-motion.ts';
import { createTopology } from './topology.ts';
import { watchUpstreams } from './upstreams.ts';
import { wiringOf } from './wiring.ts';
import { connectLanguage, count, exact, short, timeOf, words } from './words.ts';

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
let toldAt = 0;
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
const pulses = createPulses(topology.pulses, topology.wayOf);
const slowMotion = createSlowMotion(topology.marker, () => paused);
const events = createEvents(announce, (all) => {
  happened = all;
  setText(byId('last-event'), `${timeOf(all.at(-1)?.at ?? 0)} ${all.at(-1)?.text}`);
});

const show = (): void => {
  timer = 0;
  shownAt = performance.now();
  const now = Date.now();
  const { replicas, healthy } = roster;
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
  const known = replicas.filter(({ state }) => state !== 'removed').length;
  setText(byId('requests'), count(counts?.requests ?? null));
  byId('requests').title = counts === undefined ? '' : exact(counts.requests);
  setText(byId('healthy'), known === 0 || proxyDown ? '–' : words.healthyOf(healthy, known));
  const unknown = proxyDownSince === undefined ? words.healthyReplicas : words.unknownSince(timeOf(proxyDownSince));
  setText(byId('healthy-label'), unknown);
  setText(byId('feed'), feed === undefined ? words.feedLost : words.feedFrom(feed));
  if (live !== undefined) showWiring(live);
};

const showWiring = ({ redis }: LiveMessage): void => {
  const wiring = wiringOf(redis);
  setText(byId('wiring'), words[wiring](wiring === 'local' ? `${redis.host}:${redis.port}` : redis.host));
  const command = logCommand(wiring);
  setText(byId('log-hint'), command === undefined ? words.findInTerminal : words.findInLogs);
  setText(byId('log-command'), command ?? '');
};

const showOpened = (): void => {
  const opened = openingHit();
  setText(
    byId('opened'),
    opened === '' ? words.notCounted(byId('opened').dataset['failure'] ?? '') : words.openedBy(opened),
  );
};

// The replica wrote it for curl: hit 1 served by web1 (172.18.0.3).
const openingHit = (): string => {
  const [, number, replica] = /^hit (\d+) served by (.*)$/s.exec(byId('opened').dataset['hit'] ?? '') ?? [];
  return number === undefined || replica === undefined ? '' : words.hitServedBy(exact(Number(number)), replica);
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
    const now = performance.now();
    const step = Math.min(now - toldAt, 500) / message.hits.length; // they came one after the other
    toldAt = now;
    for (const [i, { replica, attempt, number }] of message.hits.entries()) {
      pulses.run(replica, i * step);
      if (attempt > 1) tellOfRetry(number, attempt, replica);
    }
    join();
  },
  onLost: () => {
    feedLostAt ??= Date.now();
    soon();
  },
});

// While one replica after the other fails, there are many: one in a few seconds says it all.
let retryToldAt = 0;
const tellOfRetry = (number: number, attempts: number, replica: string): void => {
  if (Date.now() - retryToldAt < 5000) return;
  retryToldAt = Date.now();
  events.tell('info', words.retried(exact(number), attempts, replica));
};

void watchUpstreams({
  onUpstreams: (told) => {
    upstreams = told;
    proxyDownSince = undefined;
    join();
    tick();
  },
  onFailure: () => {
    proxyDownSince ??= Date.now();
    upstreams = undefined;
    join();
    tick();
  },
});

// Rates cover the last second, and are updated with every poll of the proxy.
const tick = (): void => {
  const now = Date.now();
  const requests = feedLostAt === undefined ? (live?.counts?.requests ?? null) : null;
  samples = sample(now, requests, upstreams ?? []);
  showChart(samples, happened, now);
  const rate = samples.at(-1)?.rate ?? null;
  const latency = samples.findLast((one) => one.latency !== null && now - one.at < 2000)?.latency ?? null;
  setText(byId('rate'), rate === null ? '–' : short(rate));
  setText(byId('latency'), latency === null ? '–' : `${short(latency)} ms`);
};

const busyWhile = async (button: HTMLElement, work: () => Promise<unknown>): Promise<void> => {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  await work().catch(({ message }: Error) => {
    hitFailure = message;
    announce(message);
    setTimeout(() => {
      hitFailure = undefined;
      soon();
    }, 5000);
    soon();
  });
  button.removeAttribute('aria-busy');
};

const send = (id: string, hits: number): void => {
  const button = byId(id);
  button.addEventListener('click', () =>
    busyWhile(button, async () => announce(await sendHits(hits, (own) => details.remember(own)))),
  );
};
send('hit-one', 1);
send('hit-hundred', 100);

const slow = byId('slow');
slow.addEventListener('click', () =>
  busyWhile(slow, async () => {
    pulses.stop(true);
    announce(
      await sendHits(1, (own) => {
        details.remember(own);
        play(own);
      }),
    );
  }),
);

const play = (own: OwnHit): void => {
  const [way, redis] = [topology.wayOf(own.replica), live?.redis];
  const address = roster.replicas.find(({ name }) => name === own.replica)?.upstream?.address ?? own.replica;
  if (way !== undefined && redis !== undefined) void slowMotion.play({ hit: own, address, redis, way });
};

const pause = byId('pause');
pause.addEventListener('click', () => {
  paused = !paused;
  pause.dataset['text'] = paused ? 'resume' : 'pause';
  setText(pause, paused ? words.resume : words.pause);
  log.pause(paused);
  soon();
});

const isPresenting = connectPresent(soon);
connectLanguage(byId('language') as HTMLSelectElement, () => {
  log.draw();
  showOpened();
  soon();
});
showOpened();
const opened = openingHit();
events.tell('info', opened === '' ? words.openedUncounted : words.opened(opened), true);
new ResizeObserver(soon).observe(picture);
