// The options that several commands share, and the checks of their values.
import { InvalidArgumentError, Option } from 'commander';
import { counterUrl } from './config.ts';

/** Checks the value of an option: a whole number from 1 to `max`. */
export const countUpTo =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };

export const urlOption = (): Option =>
  new Option(
    '-u, --url <url>',
    'URL of the counter (default: COUNTER_URL, else http://localhost:$PROXY_PORT)',
  ).argParser((text): URL => {
    try {
      return counterUrl(text);
    } catch {
      throw new InvalidArgumentError('It must be a URL such as http://localhost:8080, without a user.');
    }
  });
