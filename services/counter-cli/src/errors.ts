// The errors of commands; each message is shown to the user.

/** The command failed: exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The command was used wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** The result is negative, as the output already says: exit code 1. */
export class BadResult extends Error {
  override readonly name = 'BadResult';
}
