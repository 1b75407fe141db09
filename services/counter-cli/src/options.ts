// Validates the values of options that several commands share.
import { InvalidArgumentError } from 'commander';
import { counterUrl } from './config.ts';

/** Checks the value of an option: a whole number from 1 to `max`. */
export const countUpTo =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= 1 && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${max}.`);
  };

/** Checks the value of `--url`. */
export const urlOption = (text: string): URL => {
  try {
    return counterUrl(text);
  } catch {
    throw new InvalidArgumentError('It must be a URL such as http://localhost:8080.');
  }
};
