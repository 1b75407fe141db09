// One hit in slow motion, with a caption for each step: what each box does, and who knows which name.
import type { RedisEndpoint } from '@container-counter/api/messages';
import { byId, html, svg } from './elements.ts';
import type { OwnHit } from './hits.ts';
import { moveTo } from './pulses.ts';
import type { HitPath } from './topology.ts';
import { wiringOf } from './wiring.ts';
import { exact, short, words } from './words.ts';

const MOVE_MS = 1600;
const READ_MS = 2600; // after each move, for its caption

type Scene = {
  readonly hit: OwnHit;
  /** The address of the replica, for the proxy. */
  readonly address: string;
  readonly redis: RedisEndpoint;
  readonly path: HitPath;
};

/** @param paused whether to hold still; called in each frame */
export const createSlowMotion = (layer: SVGElement, paused: () => boolean) => {
  const captions = byId('captions');
  let running: AbortController | undefined;

  return {
    /** Plays `scene`; another one that runs is ended. @returns once it is over */
    play: async (scene: Scene): Promise<void> => {
      running?.abort();
      const own = new AbortController();
      running = own;
      const { path } = scene;
      const dot = svg('circle', { r: 9, class: `pulse slow hue-${path.hue}` });
      captions.replaceChildren();
      captions.hidden = false;
      layer.append(dot);
      moveTo(dot, path, 0);
      try {
        for (const [i, { text, from, to, node, kind, label }] of stepsOf(scene).entries()) {
          const caption = html('li', { 'aria-current': 'step', value: i + 1 }, text);
          captions.append(caption);
          if (kind === 'response') dot.classList.add('response');
          if (label !== undefined) showLabel(layer, path, label);
          node?.classList.add('lit');
          await frames(MOVE_MS, own.signal, paused, (part) => moveTo(dot, path, from + (to - from) * smooth(part)));
          await frames(READ_MS, own.signal, paused, () => {});
          node?.classList.remove('lit');
          layer.querySelector('.flow')?.remove();
          caption.removeAttribute('aria-current');
        }
      } catch {
        // Another one has begun.
      } finally {
        dot.remove();
        layer.querySelector('.flow')?.remove();
        for (const node of path.nodes) node.classList.remove('lit');
      }
    },
    running: (): boolean => running !== undefined && layer.querySelector('.slow') !== null,
  };
};

type Step = {
  readonly text: string;
  /** Parts of the path, from 0 at the client to 1 at Redis. */
  readonly from: number;
  readonly to: number;
  readonly node: SVGElement | undefined;
  readonly kind?: 'response';
  /** What the name turned out to be, written at Redis. */
  readonly label?: string;
};

const stepsOf = ({ hit, address, redis, path }: Scene): Step[] => {
  const { steps } = words;
  const { replica, number, attempts, ms } = hit;
  const [atProxy, atReplica] = stopsOf(path);
  const place = `${redis.host}:${redis.port}`;
  const resolved = redis.address ?? words.itsAddress;
  const name = {
    networks: () => steps.byDns(replica, redis.host, resolved),
    links: () => steps.byLink(replica, redis.host, resolved),
    local: () => steps.byAddress(replica, place),
  }[wiringOf(redis)]();
  const label = redis.address === undefined ? place : `${redis.host} = ${redis.address}`;
  const retried = attempts > 1 ? steps.retried(attempts) : '';
  return [
    { text: steps.toProxy(location.host), from: 0, to: atProxy, node: path.nodes[0] },
    { text: steps.toReplica(replica, address) + retried, from: atProxy, to: atReplica, node: path.nodes[1] },
    { text: name, from: atReplica, to: atReplica, node: path.nodes[1], label },
    { text: steps.counts(exact(number - 1), exact(number)), from: atReplica, to: 1, node: path.nodes[2] },
    { text: steps.back(exact(number), replica, short(ms)), from: 1, to: 0, node: undefined, kind: 'response' },
  ];
};

// Above Redis, which it leads to.
const showLabel = (layer: SVGElement, { nodes: [, , redis] }: HitPath, label: string): void => {
  const { x, y, width } = (redis as SVGGElement).getBBox();
  layer.append(svg('text', { x: x + width / 2, y: y - 9, 'text-anchor': 'middle', class: 'flow' }, label));
};

// Where the path passes the middle of the proxy and of the replica.
const stopsOf = (path: HitPath): readonly [number, number] => {
  const track = path.track();
  const nearest = (node: SVGElement): number => {
    const { x, y, width, height } = (node as SVGGElement).getBBox();
    const away = (part: number) => {
      const at = track(part);
      return Math.hypot(at.x - x - width / 2, at.y - y - height / 2);
    };
    const parts = Array.from({ length: 201 }, (_, i) => i / 200);
    return parts.reduce((best, part) => (away(part) < away(best) ? part : best), 0);
  };
  return [nearest(path.nodes[0]), nearest(path.nodes[1])];
};

/** Calls `draw` in each frame of `ms` with the part that is over; a pause does not count. @throws when aborted */
const frames = (ms: number, signal: AbortSignal, paused: () => boolean, draw: (part: number) => void): Promise<void> =>
  new Promise((resolve, reject) => {
    let [passed, last] = [0, performance.now()];
    const step = (now: number): void => {
      if (signal.aborted) return reject(signal.reason);
      if (!paused()) passed += Math.max(0, now - last);
      last = now;
      draw(Math.min(1, passed / ms));
      if (passed < ms) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });

const smooth = (part: number): number => part * part * (3 - 2 * part);
