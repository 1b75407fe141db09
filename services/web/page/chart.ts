// The chart of the last minute: hits per second and mean response time.
import type { Sample } from './samples.ts';
import uPlot from './uPlot.esm.js';

const HEIGHT = 230;
const SECONDS = 60;

export const createChart = (parent: HTMLElement) => {
  let plot: uPlot | undefined;
  let data: uPlot.AlignedData = [[], [], []];

  const build = (): void => {
    plot?.destroy();
    plot = new uPlot(options(parent, getComputedStyle(parent)), data, parent);
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', build);
  new ResizeObserver(() => plot?.setSize({ width: parent.clientWidth, height: HEIGHT })).observe(parent);
  build();

  return (samples: readonly Sample[], now: number): void => {
    data = [
      samples.map(({ at }) => (at - now) / 1000),
      samples.map(({ rate }) => rate),
      samples.map(({ latency }) => latency),
    ];
    plot?.setData(data);
  };
};

const options = (parent: HTMLElement, style: CSSStyleDeclaration): uPlot.Options => {
  const color = (name: string) => resolved(parent, style.getPropertyValue(name));
  const font = `12px ${style.fontFamily}`;
  const axis = { stroke: color('--quiet'), font, grid: { show: false }, ticks: { show: false } };
  // At least up to 1, and with room above: a line along the edge looks like a limit.
  const fromZero: uPlot.Range.Function = (_plot, _min, max) => [0, Math.max(1, max * 1.15)];
  return {
    width: parent.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, range: [-SECONDS, 0] },
      rate: { range: fromZero },
      ms: { range: fromZero },
    },
    axes: [
      { ...axis, size: 28, values: (_plot, ticks) => ticks.map((tick) => (tick === 0 ? 'now' : `${tick} s`)) },
      {
        ...axis,
        scale: 'rate',
        size: 54,
        grid: { stroke: color('--edge'), width: 1 },
        values: (_plot, ticks) => ticks.map(short),
      },
      { ...axis, scale: 'ms', side: 1, size: 58, values: (_plot, ticks) => ticks.map((tick) => `${short(tick)} ms`) },
    ],
    series: [
      {},
      { scale: 'rate', stroke: color('--rate'), width: 2, fill: color('--rate-fill'), points: { show: false } },
      { scale: 'ms', stroke: color('--latency'), width: 2, dash: [6, 4], points: { show: false } },
    ],
  };
};

// A canvas does not support light-dark(), so the document resolves the colour.
const resolved = (parent: HTMLElement, color: string): string => {
  const probe = parent.appendChild(document.createElement('span'));
  probe.style.color = color;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
};

const short = (value: number): string => (value >= 1000 ? `${value / 1000}k` : `${Math.round(value * 100) / 100}`);
