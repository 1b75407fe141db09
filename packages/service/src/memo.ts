// Remembers what was computed from a text, where few texts come up often, and clients could invent any number of others.

/**
 * @param compute pure; what it finds undefined is computed each time
 * @param limit of texts; beyond it, all are forgotten
 */
export const memo = <T>(compute: (text: string) => T, limit = 1000): ((text: string) => T) => {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = compute(text);
    if (result === undefined) return result;
    if (known.size >= limit) known.clear();
    // A copy: V8 keeps all that a text was cut from, such as a whole request. A socket that was reset has no address.
    const copy = Buffer.from(String(text)).toString();
    known.set(copy, result === text ? (copy as T) : result);
    return result;
  };
};
