// The ways in which a command ends badly; the message of each is the sentence that the user reads.

/** The command could not do what it was asked: exit code 1. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError';
}

/** The command was asked for something that it cannot do: exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** What the command was to find out is bad, and its output has said so: exit code 1. */
export class BadResult extends Error {
  override readonly name = 'BadResult';
}
