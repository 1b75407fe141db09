// Draws lines in place on a terminal: over those that were drawn before, without flicker.
import type { Output } from '../terminal.ts';

const ESC = '\u001b[';

export type Screen = { readonly draw: (lines: readonly string[]) => void; readonly leave: () => void };

export const openScreen = (out: Output): Screen => {
  let height = 0;
  out.write(`${ESC}?25l`); // the cursor would jump about
  return {
    draw: (lines) => {
      const up = height > 0 ? `${ESC}${height}A\r` : '';
      out.write(`${up}${lines.map((line) => `${line}${ESC}K\n`).join('')}${ESC}J`);
      height = lines.length;
    },
    leave: () => out.write(`${ESC}?25h`),
  };
};
