// Shows each hit as a pulse that runs to the replica which served it and to Redis, and returns as a response.
import { svg } from './elements.ts';
import type { HitPath } from './topology.ts';

const DURATION_MS = 1500; // to Redis and back
const MAX_PULSES = 60; // at a time: more would be impossible to follow

/** @param layer where the pulses are drawn @param pathOf the path to a replica as the picture has it now */
export const createPulses = (layer: SVGElement, pathOf: (replica: string) => HitPath | undefined) => {
  const running = new Set<{ dot: SVGCircleElement; replica: string; start: number; arrived: boolean; back: boolean }>();
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let stopped = false;

  const step = (now: number): void => {
    for (const pulse of running) {
      const { dot } = pulse;
      const path = pathOf(pulse.replica);
      const part = (now - pulse.start) / DURATION_MS;
      if (part < 0) continue;
      if (part >= 1 || path === undefined) {
        dot.remove();
        running.delete(pulse);
        continue;
      }
      moveTo(dot, path, part < 0.5 ? part * 2 : 2 - part * 2);
      if (!dot.isConnected) layer.append(dot);
      if (part > 0.25 && !pulse.arrived) {
        pulse.arrived = true;
        light(path.nodes[1], 180);
      }
      if (part > 0.5 && !pulse.back) {
        pulse.back = true;
        dot.classList.add('response');
      }
    }
    if (running.size > 0) requestAnimationFrame(step);
  };

  const clear = (): void => {
    for (const { dot } of running) dot.remove();
    running.clear();
  };

  return {
    /** @param delayMs spreads the hits of one message, which came one after the other */
    run: (replica: string, delayMs: number): void => {
      const path = pathOf(replica);
      if (path === undefined || stopped || document.hidden || running.size >= MAX_PULSES) return;
      if (still.matches) return light(path.nodes[1], 180);
      if (running.size === 0) requestAnimationFrame(step);
      const dot = svg('circle', { r: 6, class: `pulse hue-${path.hue}` });
      running.add({ dot, replica, start: performance.now() + delayMs, arrived: false, back: false });
    },
    /** Shows none from now on, or all again. */
    stop: (yes: boolean): void => {
      stopped = yes;
      if (yes) clear();
    },
  };
};

export const moveTo = (dot: SVGCircleElement, path: HitPath, part: number): void => {
  const { x, y } = path.track()(part);
  dot.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
};

export const light = (node: SVGElement, ms: number): void => {
  node.classList.add('lit');
  setTimeout(() => node.classList.remove('lit'), ms);
};
