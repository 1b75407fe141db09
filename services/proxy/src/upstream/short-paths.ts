// Remembers which paths have short responses, so that what is requested over a shared connection holds nobody up.

export type ShortPaths = {
  readonly has: (path: string) => boolean;
  /** A response to `path` had `length` bytes, or NaN. */
  readonly learn: (path: string, length: number) => void;
  readonly forget: (path: string) => void;
};

export const createShortPaths = (maxBytes: number): ShortPaths => {
  const paths = new Set<string>();
  return {
    has: (path) => paths.has(path),
    learn: (path, length) => {
      if (!(length <= maxBytes)) return void paths.delete(path);
      if (paths.has(path) || path.length > MAX_LENGTH) return;
      if (paths.size >= MAX_PATHS) paths.clear();
      paths.add(Buffer.from(path).toString()); // a copy, for a slice keeps the whole request
    },
    forget: (path) => void paths.delete(path),
  };
};

// Clients choose the paths.
const MAX_PATHS = 1000;
const MAX_LENGTH = 256;
