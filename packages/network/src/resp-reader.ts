// Reads the replies of a Redis from a socket, one after the other, within a bounded time.
import type { Socket } from 'node:net';
import { Unreachable } from './failure-kind.ts';

/** Numbers are text too. */
export type Reply = string | null | readonly Reply[];

/**
 * @param timeoutMs for all replies together
 * @returns reads the next reply. It throws an error reply with its message, and in the words of ioredis what is no reply
 * of Redis
 */
export const replyReader = (socket: Socket, timeoutMs: number): (() => Promise<Reply>) => {
  const deadline = setTimeout(() => socket.destroy(new Unreachable('silent')), timeoutMs);
  socket.once('close', () => clearTimeout(deadline));
  const chunks: AsyncIterator<Buffer> = socket.iterator({ destroyOnReturn: false });
  let buffered = Buffer.alloc(0);

  const more = async (): Promise<void> => {
    const { value, done } = await chunks.next().catch((error) => {
      throw error.code === 'ERR_STREAM_PREMATURE_CLOSE' ? new Unreachable('closed') : error;
    });
    if (done) throw socket.errored ?? new Unreachable('closed');
    buffered = Buffer.concat([buffered, value]);
    if (buffered.length > MAX_BYTES) throw new Unreachable('not redis');
  };

  const take = async (length: number): Promise<string> => {
    while (buffered.length < length) await more();
    const taken = buffered.toString('utf8', 0, length);
    buffered = buffered.subarray(length);
    return taken;
  };

  const line = async (): Promise<string> => {
    while (!buffered.includes('\n')) await more();
    return (await take(buffered.indexOf('\n') + 1)).trimEnd();
  };

  const reply = async (): Promise<Reply> => {
    while (buffered.length === 0) await more();
    const type = buffered.toString('latin1', 0, 1);
    if (!'+-:$*_'.includes(type)) throw new Error(`Unknown RESP type ${buffered[0]} "${type}"`);
    const text = (await line()).slice(1);
    if (type === '-') throw new Error(text);
    if (type === '_' || ('$*'.includes(type) && text === '-1')) return null;
    if (type === '$') return (await take(Number(text) + 2)).slice(0, -2);
    if (type !== '*') return text;
    const members: Reply[] = [];
    for (let i = 0; i < Number(text); i += 1) members.push(await reply());
    return members;
  };
  return reply;
};

const MAX_BYTES = 2 ** 20;
