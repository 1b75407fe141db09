// Text and tables as HTML.

export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** A table whose first column names its rows; a cell of several lines has a line for each. */
export const htmlTable = (
  head: readonly string[],
  rows: readonly (readonly (string | readonly string[])[])[],
): string =>
  `<div class="scroll"><table><thead><tr>${head.map((title) => `<th scope="col">${escaped(title)}</th>`).join('')}</tr></thead>
<tbody>${rows.map(rowHtml).join('\n')}</tbody></table></div>`;

const rowHtml = ([first = '', ...cells]: readonly (string | readonly string[])[]): string =>
  `<tr><th scope="row">${lines(first)}</th>${cells.map((cell) => `<td>${lines(cell)}</td>`).join('')}</tr>`;

const lines = (cell: string | readonly string[]): string =>
  (typeof cell === 'string' ? [cell] : cell).map((line) => `<div>${escaped(line)}</div>`).join('');
