/** The bar that `fit` shows while it learns. */

import { startProgress } from '../terminal/progress';
import type { KindRules, StreamKind } from './kinds';
import type { FitCounts } from './state';

/** A display of a run, or of nothing. */
export interface FitDisplay<Kind extends StreamKind> {
  update(counts: FitCounts<Kind>): void;
  stop(): void;
}

/** @param total records of the whole stream; undefined where nothing is to be shown */
export function startDisplay<Kind extends StreamKind>(
  kind: KindRules<Kind>,
  total: number | undefined,
  position: number,
): FitDisplay<Kind> {
  const enabled = total !== undefined;
  const display = startProgress({ total: total ?? 0, label: 'learning', enabled });
  display.update(position);
  return {
    update({ position: done, metrics, skipped }) {
      if (!enabled) return;
      const shown = kind.shown(metrics.recent);
      display.update(done, { ...shown, ...(skipped > 0 && { skipped: String(skipped) }) });
    },
    stop: () => display.stop(),
  };
}
