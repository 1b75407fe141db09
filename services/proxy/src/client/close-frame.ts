// Sends a WebSocket client a close frame when the proxy stops, inserted between two frames of its upstream.
import type { Duplex } from 'node:stream';

/**
 * Follows what `upstream` sends to `client`.
 * @returns a function that sends the close frame as soon as no frame is under way; what `upstream` sends after that is
 * dropped, and what `client` answers still reaches it
 */
export const prepareClose = (client: Duplex, upstream: Duplex): (() => void) => {
  const frames = createFrameReader();
  let state: 'piped' | 'ending' | 'ended' = 'piped';
  const end = () => {
    state = 'ended';
    if (!frames.isClosing()) client.write(CLOSE_FRAME);
  };
  upstream.on('data', (chunk: Buffer) => {
    const boundary = frames.read(chunk);
    if (state !== 'ending') return;
    client.write(chunk.subarray(0, boundary));
    if (boundary !== undefined) end();
  });
  return () => {
    state = 'ending';
    upstream.unpipe(client);
    upstream.resume();
    if (frames.isBetween()) end();
  };
};

/** Reads the headers of frames (RFC 6455, 5.2), and skips their payloads. */
export const createFrameReader = () => {
  const header: number[] = [];
  let payload = 0; // bytes that are still to come
  let closing = false;

  const take = (byte: number): void => {
    header.push(byte);
    const [first = 0, second = 0] = header;
    const code = second & 0x7f;
    const lengthBytes = code === 127 ? 8 : code === 126 ? 2 : 0;
    const masked = (second & 0x80) !== 0;
    if (header.length < 2 + lengthBytes + (masked ? 4 : 0)) return;
    const extended = header.slice(2, 2 + lengthBytes).reduce((length, digit) => length * 256 + digit, 0);
    payload = lengthBytes === 0 ? code : extended;
    closing ||= (first & 0x0f) === CLOSE;
    header.length = 0;
  };

  const isBetween = (): boolean => payload === 0 && header.length === 0;

  return {
    /** @returns where in `chunk` a frame ends first, if one does */
    read: (chunk: Buffer): number | undefined => {
      let boundary: number | undefined;
      for (let at = 0; at < chunk.length; ) {
        const skipped = Math.min(payload, chunk.length - at);
        if (skipped === 0) take(chunk[at] ?? 0);
        payload -= skipped;
        at += Math.max(1, skipped);
        if (isBetween()) boundary ??= at;
      }
      return boundary;
    },
    /** Whether the next byte begins a frame. */
    isBetween,
    /** Whether a close frame was among them. */
    isClosing: (): boolean => closing,
  };
};

const CLOSE = 0x8;

const REASON = 'The proxy is stopping.';
// 1001: an endpoint is going away (RFC 6455, 7.4.1). A server does not mask.
const CLOSE_FRAME = Buffer.concat([Buffer.from([0x80 | CLOSE, 2 + REASON.length, 0x03, 0xe9]), Buffer.from(REASON)]);
