// Asks Redis through the `redis-cli` of its container, where it has no published port.
import type { Ask } from '@container-counter/network/counter-keys';

/** @param run runs redis-cli with these arguments, and gives its output */
export const askByCli =
  (run: (...args: string[]) => Promise<string>): Ask =>
  async (...words) => {
    // As JSON, for there a missing value is no empty one, and an error no value.
    const reply = await run('-2', '--json', ...words);
    if (reply.startsWith('error:')) throw new Error(JSON.parse(reply.slice('error:'.length)));
    return JSON.parse(reply);
  };
