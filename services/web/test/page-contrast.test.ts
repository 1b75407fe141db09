// The colours of the page, in light and dark: text has a contrast of at least 4.5 with what is behind it, lines and bars of 3.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

const CSS = readFileSync(new URL('../page/base.css', import.meta.url), 'utf8');

type Pair = readonly [light: string, dark: string];

const PAIRS = [...CSS.matchAll(/--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)/g)];
const colors = (name: string): Pair[] =>
  PAIRS.filter(([, found]) => found === name).map(([, , light = '', dark = '']) => [light, dark]);

const luminance = (color: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

/** WCAG 2.2, from 1 to 21. */
const contrast = (a: string, b: string): number => {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
};

const TABLE: readonly (readonly [least: number, fronts: readonly string[], behind: readonly string[]])[] = [
  [4.5, ['ink', 'quiet', 'bad', 'wait'], ['panel', 'ground']],
  [4.5, ['ink'], ['bad-ground']],
  [4.5, ['on-accent'], ['accent']],
  [3, ['line', 'hue', 'rate', 'latency', 'front', 'back', 'whole', 'good', 'accent'], ['panel']],
];

for (const [least, fronts, behind] of TABLE) {
  test(`${fronts.join(', ')} on ${behind.join(' and ')}: at least ${least}`, () => {
    for (const name of fronts) {
      assert.ok(colors(name).length > 0, name);
      for (const front of colors(name)) {
        for (const back of behind.flatMap(colors)) {
          for (const scheme of [0, 1] as const) {
            const found = contrast(front[scheme], back[scheme]);
            assert.ok(found >= least, `${name} ${front[scheme]} on ${back[scheme]}: ${found.toFixed(2)}`);
          }
        }
      }
    }
  });
}
