/** Tries to use the addon and answers with what was thrown. */

import { buildInfo, GlnError } from '../../lib/index';
import { answer } from '../support/child';

export interface Thrown {
  isGlnError: boolean;
  code: string;
  message: string;
}

void answer((): Thrown | null => {
  try {
    buildInfo();
    return null;
  } catch (error) {
    const { code, message } = error as GlnError;
    return { isGlnError: error instanceof GlnError, code, message };
  }
});
