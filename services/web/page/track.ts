// The path of a hit as points at even distances, measured once: asking SVG for a point in every frame costs too much.
import type { Point } from './layout.ts';

/** Where something is after a part of its path, from 0 to 1. */
export type Track = (part: number) => Point;

const STEP = 6; // pixels from point to point

/** Along all of `paths`, and straight from the end of each to the next one. */
export const trackOf = (paths: readonly SVGPathElement[]): Track => {
  const points: Point[] = [];
  for (const path of paths) {
    const length = path.getTotalLength();
    const start = path.getPointAtLength(0);
    const before = points.at(-1);
    if (before !== undefined) points.push(...between(before, start));
    const count = Math.max(1, Math.round(length / STEP));
    for (let i = 0; i <= count; i += 1) points.push(path.getPointAtLength((length * i) / count));
  }
  return (part) => {
    const place = Math.min(Math.max(part, 0), 1) * (points.length - 1);
    const [from, to] = [points[Math.floor(place)], points[Math.ceil(place)]];
    if (from === undefined || to === undefined) return { x: 0, y: 0 };
    const rest = place % 1;
    return { x: from.x + (to.x - from.x) * rest, y: from.y + (to.y - from.y) * rest };
  };
};

const between = (from: Point, to: Point): Point[] => {
  const count = Math.floor(Math.hypot(to.x - from.x, to.y - from.y) / STEP);
  return Array.from({ length: count }, (_, i) => ({
    x: from.x + ((to.x - from.x) * (i + 1)) / (count + 1),
    y: from.y + ((to.y - from.y) * (i + 1)) / (count + 1),
  }));
};
