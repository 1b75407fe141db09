// Generates requests: pieces of the known cases, put together anew and changed byte by byte, the same for the same seed.
import { TOPICS } from '../cases/all.ts';
import { SMUGGLED } from './case.ts';
import { SOCKETS } from './handed-out.ts';

/** A generator of numbers from 0 up to, but without, 1: mulberry32, which is small, and good enough to vary input. */
export const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Requests without end, each character one byte. */
export function* mutants(seed: number): Generator<string, never> {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const one = <T>(items: readonly [T, ...T[]] | readonly T[]): T => items[below(items.length)] as T;
  const byte = () => String.fromCharCode(below(256));
  const change = (bytes: string): string => {
    const [at, to] = [below(bytes.length + 1), below(bytes.length + 1)].sort((a, b) => a - b) as [number, number];
    const piece = bytes.slice(at, Math.min(to, at + 40));
    return one([
      () => bytes.slice(0, at) + byte() + bytes.slice(at + 1),
      () => bytes.slice(0, at) + one(WORDS) + bytes.slice(at),
      () => bytes.slice(0, at) + bytes.slice(at + piece.length),
      () => bytes.slice(0, at) + piece + piece + bytes.slice(at + piece.length),
      () => bytes.slice(0, at) + one(SEEDS).slice(below(50)),
      () => bytes.replace('\r\n', `\r\n${one(LINES)}\r\n`),
    ])();
  };
  for (;;) {
    let bytes = one(SEEDS);
    for (let changes = 1 + below(5); changes > 0; changes -= 1) bytes = change(bytes);
    yield bytes;
  }
}

const LONGEST = 4000;

const SEEDS: readonly string[] = [
  ...Object.values(TOPICS)
    .flat()
    .map(({ bytes }) => bytes),
  ...Object.values(SOCKETS),
].filter(({ length }) => length > 0 && length < LONGEST);

const WORDS = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '\r\n\r\n',
  '0\r\n\r\n',
  '5\r\n',
  'ffffffff',
  '\xff',
  SMUGGLED,
];

const LINES = [
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  'Content-Length: 0',
  'Connection: close',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Expect: 100-continue',
  'Host: other.example',
  ' folded',
];
