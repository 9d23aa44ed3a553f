/** What every case is: a name, and how it is measured. */
import type { Bench } from '../bench';

export interface Case {
  /** What it is about, in one line. */
  about: string;
  /** Checks, then measures into `bench`; returns the digest of what was checked. */
  run(bench: Bench): string | Promise<string>;
}
