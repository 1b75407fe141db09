// A bitmap of the numbers that clients received.

export type Ledger = {
  readonly note: (number: unknown) => void;
  readonly close: (after: number) => Reckoning;
};

/** Compares the acknowledged numbers with the counter, which moved from `before` to `after`. */
export type Reckoning = {
  /** Responses with a number. */
  readonly acknowledged: number;
  /** Responses with a number that another response had, too. */
  readonly duplicates: number;
  /** Numbers that were counted, but that no client received. */
  readonly gaps: number;
  /** Responses with a number outside the counted range. */
  readonly outside: number;
};

/** @param before where the counter stood @param capacity how many numbers to expect; there may be more */
export const createLedger = (before: number, capacity: number): Ledger => {
  let bits = new Uint8Array((capacity >> 3) + 1);
  let acknowledged = 0;
  let duplicates = 0;
  let outside = 0;
  let highest = 0;

  const note = (number: unknown): void => {
    acknowledged += 1;
    const index = Number(number) - before - 1;
    if (!Number.isInteger(index) || index < 0 || index > LARGEST) {
      outside += 1;
      return;
    }
    const byte = index >> 3;
    if (byte >= bits.length) {
      const wider = new Uint8Array(Math.max(bits.length * 2, byte + 1));
      wider.set(bits);
      bits = wider;
    }
    const bit = 1 << (index & 7);
    if (((bits[byte] as number) & bit) !== 0) duplicates += 1;
    bits[byte] = (bits[byte] as number) | bit;
    highest = Math.max(highest, index + 1);
  };

  const wasReceived = (index: number): boolean => (((bits[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;

  const close = (after: number): Reckoning => {
    const counted = after - before;
    let gaps = 0;
    let beyond = 0;
    for (let index = 0; index < Math.max(counted, highest); index += 1) {
      if (index < counted && !wasReceived(index)) gaps += 1;
      if (index >= counted && wasReceived(index)) beyond += 1;
    }
    return { acknowledged, duplicates, gaps, outside: outside + beyond };
  };
  return { note, close };
};

const LARGEST = 2 ** 30;
