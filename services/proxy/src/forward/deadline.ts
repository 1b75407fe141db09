// Ends what takes too long, and never too early: a timer may fire some milliseconds early, in which one attempt more would
// be made for nothing.

/** Calls `expired` after `ms` milliseconds. @returns what prevents that */
export const startDeadline = (ms: number, expired: () => void): (() => void) => {
  const end = performance.now() + ms;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    const remainingMs = end - performance.now();
    if (remainingMs <= 0) expired();
    else timer = setTimeout(look, Math.ceil(remainingMs));
  };
  look();
  return () => clearTimeout(timer);
};
