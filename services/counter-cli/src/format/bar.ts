// A share as a bar, and as a percentage.

const WIDTH = 24;

/** `part` of `whole`, at most 24 characters; blocks for a terminal, `#` for a file. */
export const bar = (part: number, whole: number, blocks: boolean): string =>
  (blocks ? '█' : '#').repeat(whole === 0 ? 0 : Math.round((part / whole) * WIDTH));

export const percent = (part: number, whole: number): string =>
  `${(whole === 0 ? 0 : (part / whole) * 100).toFixed(1)}%`;
