// The chart of the last minute: hits per second, mean response time, and a mark for each event.
import { setText, svg } from './elements.ts';
import type { Happening } from './events.ts';
import type { Sample } from './samples.ts';
import { words } from './words.ts';

const HEIGHT = 220;
const SECONDS = 60;
const PLOT = { left: 44, right: 58, top: 16, bottom: 26 };
const LINES = 4;

export const createChart = (parent: HTMLElement) => {
  const root = svg('svg', { height: HEIGHT, 'aria-hidden': 'true' });
  const grid = svg('g');
  const marks = svg('g');
  const [area, rate, latency] = [
    svg('path', { class: 'area' }),
    svg('path', { class: 'rate' }),
    svg('path', { class: 'latency' }),
  ];
  const note = svg('text', { class: 'note', 'text-anchor': 'middle' });
  root.append(grid, area, marks, latency, rate, note);
  parent.append(root);
  let drawn = '';

  /** @param now in milliseconds, like the times of all others */
  return (samples: readonly Sample[], events: readonly Happening[], now: number): void => {
    const width = parent.clientWidth;
    const [inner, height] = [width - PLOT.left - PLOT.right, HEIGHT - PLOT.top - PLOT.bottom];
    const x = (at: number) => PLOT.left + inner * (1 + (at - now) / 1000 / SECONDS);
    const y = (value: number, top: number) => PLOT.top + height * (1 - value / top);
    const tops = {
      rate: topOf(
        samples.map((one) => one.rate),
        1,
      ),
      ms: topOf(
        samples.map((one) => one.latency),
        0.5,
      ),
    };
    const key = JSON.stringify([width, tops, words.locale]);
    if (key !== drawn) {
      root.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
      grid.replaceChildren(...gridOf(width, tops));
    }
    drawn = key;
    const shown = samples.filter(({ at }) => at >= now - SECONDS * 1000);
    const runs = (value: (sample: Sample) => number | null, top: number) =>
      runsOf(shown, value).map((run) =>
        run.map((sample) => `${x(sample.at).toFixed(1)} ${y(value(sample) ?? 0, top).toFixed(1)}`),
      );
    const rates = runs((sample) => sample.rate, tops.rate);
    rate.setAttribute('d', rates.map((run) => `M${run.join('L')}`).join(''));
    area.setAttribute('d', rates.map((run) => closed(run, PLOT.top + height)).join(''));
    latency.setAttribute(
      'd',
      runs((sample) => sample.latency, tops.ms)
        .map((run) => `M${run.join('L')}`)
        .join(''),
    );
    const recent = events.filter(({ at, kind }) => kind !== 'info' && at > now - SECONDS * 1000);
    marks.replaceChildren(...recent.map(({ at, kind, text }) => mark(x(at), kind, text)));
    note.setAttribute('x', `${PLOT.left + inner / 2}`);
    note.setAttribute('y', `${PLOT.top + height / 2}`);
    setText(note, shown.some((sample) => sample.rate) ? '' : words.noHitsInMinute);
  };
};

// A round number of which the lines of the grid are round parts, with room above: a line along the edge looks like a limit.
const topOf = (values: readonly (number | null)[], least: number): number => {
  const most = Math.max(0, ...values.map((value) => value ?? 0)) * 1.1;
  const step = Math.max(most / LINES, least);
  const power = 10 ** Math.floor(Math.log10(step));
  const round = [1, 2, 2.5, 5, 10]
    .map((one) => one * power)
    .find((one) => one >= step && (one >= 10 || Number.isInteger(one / least)));
  return (round ?? Math.ceil(step)) * LINES;
};

const gridOf = (width: number, tops: { readonly rate: number; readonly ms: number }): SVGElement[] => {
  const [right, bottom] = [width - PLOT.right, HEIGHT - PLOT.bottom];
  const text = (content: string, x: number, y: number, anchor: string): SVGElement =>
    svg('text', { x, y, 'text-anchor': anchor }, content);
  const rows = Array.from({ length: LINES + 1 }, (_, i) => {
    const y = bottom - ((bottom - PLOT.top) * i) / LINES;
    return [
      svg('path', { d: `M${PLOT.left} ${y}H${right}`, class: 'grid' }),
      text(brief((tops.rate * i) / LINES), PLOT.left - 8, y + 4, 'end'),
      text(`${brief((tops.ms * i) / LINES)} ms`, right + 8, y + 4, 'start'),
    ];
  });
  const ticks = width < 420 ? [-60, -30, 0] : [-60, -45, -30, -15, 0];
  const columns = ticks.map((tick) =>
    text(tick === 0 ? words.now : `${tick} s`, right + ((right - PLOT.left) * tick) / SECONDS, HEIGHT - 6, 'middle'),
  );
  return [...rows.flat(), ...columns];
};

const mark = (x: number, kind: string, text: string): SVGElement =>
  svg(
    'g',
    { class: `mark ${kind}` },
    svg('title', {}, text),
    svg('path', { d: `M${x} ${PLOT.top}V${HEIGHT - PLOT.bottom}` }),
    svg('path', { d: `M${x - 6} 2h12l-6 10z` }),
  );

/** Parts of `samples` without a gap. */
const runsOf = (samples: readonly Sample[], value: (sample: Sample) => number | null): Sample[][] => {
  const runs: Sample[][] = [[]];
  for (const sample of samples) {
    if (value(sample) === null) runs.push([]);
    else runs.at(-1)?.push(sample);
  }
  return runs.filter((run) => run.length > 0);
};

const closed = (run: readonly string[], bottom: number): string => {
  const [first = '', last = ''] = [run[0], run.at(-1)];
  return `M${first.split(' ')[0]} ${bottom}L${run.join('L')}L${last.split(' ')[0]} ${bottom}Z`;
};

const brief = (value: number): string => (value >= 1000 ? `${value / 1000}k` : `${Math.round(value * 100) / 100}`);
