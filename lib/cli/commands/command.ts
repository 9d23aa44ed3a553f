/** What a command is given, and how it tells its exit status. */
import type { CliContext } from '../context';

/** One run of the command line. */
export interface CliRun {
  readonly context: CliContext;
  /** The exit status, set by the command that runs. */
  status: number;
}
