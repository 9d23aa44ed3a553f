/** What several tests of the density model share. */

import { GlnError } from '../../lib/index';

/** The code and message of the GlnError that a call throws. */
export function errorOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof GlnError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'nothing was thrown';
}
