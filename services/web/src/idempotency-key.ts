// The key by which a repeat of a request is known, whichever replica it reaches.
import type { Request } from 'express';
import { RequestError } from './errors.ts';

/** The `Idempotency-Key` of `req`, or the empty string. @throws {RequestError} for one that cannot be used */
export const idempotencyKeyOf = (req: Request): string => {
  const key = req.headers['idempotency-key'];
  if (key === undefined) return '';
  if (typeof key === 'string' && /^[\x21-\x7e]{1,64}$/.test(key)) return key;
  throw new RequestError(
    400,
    'The Idempotency-Key must be 1 to 64 visible ASCII characters. Send a UUID, for example.',
  );
};
