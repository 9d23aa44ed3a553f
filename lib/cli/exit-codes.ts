/** What the exit status of `gln` tells scripts: docs/cli.md has the same table. */

/** Exit statuses. */
export const ExitCode = {
  ok: 0,
  /** Something went wrong that none of the others says. */
  failure: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** The data, or the model's file, are not what they should be. */
  data: 3,
  /** An optional package is not installed. */
  dependency: 4,
  /** Ctrl-C (128 + SIGINT): what was learned has been saved. */
  interrupted: 130,
  /** The same by SIGTERM. */
  terminated: 143,
} as const;
