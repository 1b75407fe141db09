// The list of current problems, at the top of the page.
import { byId, html } from './elements.ts';

export const createFaults = () => {
  const list = byId('faults');
  let shown = '';
  return (sentences: readonly string[]): void => {
    const key = sentences.join('\n');
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...sentences.map((sentence) => html('li', { class: 'fault' }, sentence)));
  };
};
