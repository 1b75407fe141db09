// Short names for many replicas: what all of them begin with is said once.

/** What to leave out of each name, up to the last separator before the number: `container-counter-` of `…-web-1`. */
export const commonPrefix = (names: readonly string[]): string => {
  const [first = '', ...others] = names;
  if (others.length === 0) return '';
  let length = 0;
  while (length < first.length && others.every((name) => name[length] === first[length])) length += 1;
  return /^(.*[-_.])[^-_.]+[-_.]?$/.exec(first.slice(0, length).replace(/\d+$/, ''))?.[1] ?? '';
};
