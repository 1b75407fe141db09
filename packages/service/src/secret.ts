// The password of Redis from a file, as Docker mounts a secret: it shows neither in the environment nor in a URL.
import { readFileSync } from 'node:fs';
import { ConfigError } from './environment.ts';

/**
 * `url` with the password in `file`, without the newline at its end; as it is without a file.
 * @throws {ConfigError} when the file cannot be read or is empty, or when `url` has a password of its own
 */
export const withPassword = (url: URL, file: string | undefined): URL => {
  if (file === undefined) return url;
  const refuse = (sentence: string, cause?: unknown): never => {
    throw new ConfigError(`REDIS_PASSWORD_FILE=${JSON.stringify(file)} cannot be used: ${sentence}`, { cause });
  };
  if (url.password !== '') refuse('REDIS_URL has a password already. Leave one of them out.');
  const password = read(file, refuse).replace(/\r?\n$/, '');
  if (password === '') refuse('the file is empty. Write the password of Redis to it.');
  const withIt = new URL(url);
  withIt.password = encodeURIComponent(password);
  return withIt;
};

const read = (file: string, refuse: (sentence: string, cause: unknown) => never): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return refuse(FAULTS[code] ?? `${message}.`, error);
  }
};

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file. Check that the secret is mounted there.',
  EACCES: 'this user may not read the file. Check its owner and its mode.',
  EISDIR: 'it is a directory. Name the file in it.',
};
