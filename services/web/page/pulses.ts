// Shows each hit as a pulse that runs to the replica which served it, and on to Redis.
import { svg } from './elements.ts';
import type { Way } from './topology.ts';

const DURATION_MS = 900;
const MAX_PULSES = 90; // at a time: more would be impossible to follow

/** @param layer where the pulses are drawn */
export const createPulses = (layer: SVGElement) => {
  const running = new Set<{ dot: SVGCircleElement; way: Way; start: number; arrived: boolean }>();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let paused = false;

  const step = (now: number): void => {
    for (const pulse of running) {
      const part = (now - pulse.start) / DURATION_MS;
      if (part < 0) continue;
      if (part >= 1) {
        pulse.dot.remove();
        running.delete(pulse);
        continue;
      }
      const { lines, node, hue } = pulse.way;
      const leg = Math.floor(part * lines.length);
      const line = lines[leg] as SVGPathElement;
      const { x, y } = line.getPointAtLength(line.getTotalLength() * smooth(part * lines.length - leg));
      pulse.dot.setAttribute('cx', `${x}`);
      pulse.dot.setAttribute('cy', `${y}`);
      if (!pulse.dot.isConnected) layer.append(pulse.dot);
      if (leg === lines.length - 1 && !pulse.arrived) {
        pulse.arrived = true;
        light(node, hue);
      }
    }
    if (running.size > 0) requestAnimationFrame(step);
  };

  return {
    /** @param delayMs spreads the hits of one message, which came one after the other */
    run: (way: Way, delayMs: number): void => {
      if (paused || document.hidden || running.size >= MAX_PULSES) return;
      if (still.matches) return light(way.node, way.hue);
      if (running.size === 0) requestAnimationFrame(step);
      const dot = svg('circle', { r: 6, class: `pulse hue-${way.hue}` });
      running.add({ dot, way, start: performance.now() + delayMs, arrived: false });
    },
    pause: (yes: boolean): void => {
      paused = yes;
      if (!yes) return;
      for (const { dot } of running) dot.remove();
      running.clear();
    },
  };
};

const light = (node: SVGElement, hue: number): void => {
  node.classList.add('lit', `hue-${hue}`);
  setTimeout(() => node.classList.remove('lit'), 180);
};

const smooth = (part: number): number => part * part * (3 - 2 * part);
