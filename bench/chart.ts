// Requests a second of each contestant as an SVG chart, for light and dark pages.
import type { Rounds } from './rounds.ts';
import { spreadOf } from './statistics.ts';

const [WIDTH, ROW, LABELS, VALUES] = [760, 34, 170, 70];

/** Bars for the medians over the rounds, with a line from the slowest round to the fastest. */
export const chartOf = (title: string, rounds: Rounds): string => {
  const bars = Object.entries(rounds).map(([name, all]) => ({ name, ...spreadOf(all.map(({ rate }) => rate)) }));
  const most = Math.max(...bars.map(({ max }) => max));
  const x = (rate: number): number => Math.round(LABELS + (rate / most) * (WIDTH - LABELS - VALUES));
  const height = ROW * (bars.length + 1) + 10;
  const rows = bars.map(({ name, median, min, max }, i) => {
    const y = ROW * (i + 1);
    const middle = y + ROW / 2;
    return [
      `<text x="${LABELS - 10}" y="${middle}" text-anchor="end">${name}</text>`,
      `<rect class="${i === 0 ? 'ours' : 'other'}" x="${LABELS}" y="${y + 6}" width="${x(median) - LABELS}" height="${ROW - 12}" rx="2"/>`,
      `<path d="M${x(min)} ${middle}H${x(max)}"/>`,
      `<text x="${x(max) + 8}" y="${middle}">${Math.round(median)}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>
text { font: 14px system-ui, sans-serif; fill: #24292f; dominant-baseline: central }
.ours { fill: #1f6feb } .other { fill: #9aa4af } path { stroke: #24292f; stroke-width: 2 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #57606a } path { stroke: #e6edf3 } }
</style>
<text x="0" y="16">${title}</text>
${rows.join('\n')}
</svg>
`;
};
