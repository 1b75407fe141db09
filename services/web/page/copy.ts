// A command with a button that copies it.
import { html, setText } from './elements.ts';
import { words } from './words.ts';

export const command = (text: string): HTMLElement => {
  const code = html('code', {}, text);
  const button = html('button', { type: 'button', class: 'copy' }, words.copy);
  button.addEventListener('click', async () => {
    await copy(text, code);
    setText(button, words.copied);
    setTimeout(() => setText(button, words.copy), 1500);
  });
  return html('span', { class: 'command' }, code, button);
};

// Browsers have a clipboard only on HTTPS and localhost; elsewhere the command is selected, to be copied by hand.
const copy = async (text: string, code: HTMLElement): Promise<void> => {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection()?.selectAllChildren(code);
  }
};
