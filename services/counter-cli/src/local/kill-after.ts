// How long a program that was told to stop may take, in milliseconds, before it is killed.
export const KILL_AFTER_MS = 10_000;
