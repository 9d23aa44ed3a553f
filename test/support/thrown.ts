/** What a call throws, for tests that look at it. */

import { GlnError } from '../../lib/index';

/** The error that a call throws, which it must. */
export function thrown(call: () => unknown): Error & { code?: string } {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error('expected it to throw');
}

/** The code and message of the GlnError that a call throws. */
export function errorOf(call: () => unknown): string {
  const error = thrown(call);
  if (error instanceof GlnError) return `${error.code} ${error.message}`;
  throw error;
}
