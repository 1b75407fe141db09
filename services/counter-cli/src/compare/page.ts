// The comparison as one HTML page that needs nothing else: drawings, tables, and what each container sees.
import { readFileSync } from 'node:fs';
import { networkViewText } from '@container-counter/why/network-view-text';
import { type Compared, type Comparison, matrixOf } from './comparison.ts';
import { drawing } from './drawing.ts';
import { escaped, htmlTable } from './html.ts';
import { rowsOf } from './rows.ts';

export const page = (comparison: Comparison): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>container-counter: networks and links</title>
<style>
${STYLE}</style>
<h1>One cluster, two wirings</h1>
<p>As seen in running containers, with Docker Engine ${escaped(comparison.engine)}. A solid arrow is a connection that a
service uses, labelled with the name. The dashed line bypasses the replicas.</p>
<div class="sides">
${comparison.sides.map(sideHtml).join('\n')}
</div>
<h2>Side by side</h2>
${htmlTable(
  ['', 'networks', 'links', 'shown by'],
  rowsOf(comparison).map(({ title, networks, links, shown }) => [title, networks, links, shown]),
)}
<h2>What each container sees</h2>
${comparison.sides.flatMap(({ variant, containers }) => containers.map(({ label, seen }) => detail(`${label}, ${variant}`, networkViewText(seen)))).join('\n')}
</html>
`;

const sideHtml = ({ variant, containers }: Compared): string => {
  const labels = containers.map(({ label }) => label);
  const rows = matrixOf(containers).map((cells, i) => [labels[i] ?? '', ...cells.map((how) => CELLS[how])]);
  return `<section>
<h2>${TITLES[variant]}</h2>
${drawing(containers, `${TITLES[variant]}: ${labels.join(', ')}`)}
<h3>Who reaches whom</h3>
${htmlTable(['from \\ to', ...labels], rows)}
</section>`;
};

const detail = (title: string, text: string): string =>
  `<details><summary>${escaped(title)}</summary><pre>${escaped(text)}</pre></details>`;

const TITLES: Readonly<Record<Compared['variant'], string>> = {
  networks: 'User-defined networks',
  links: 'Legacy links',
};

const CELLS = { name: 'by name', address: 'by address', none: 'not', itself: '' } as const;

const STYLE = readFileSync(new URL('page.css', import.meta.url), 'utf8');
