/** A fit's figures as a table. */
import type { History } from 'gated-linear-networks/layers';
import { formatTable } from '../../lib/terminal/table';

/** Every `step`-th epoch, and the last. */
export function epochTable({ epoch, history }: History, step: number): string {
  const names = Object.keys(history);
  const shown = epoch.filter((_, i) => i % step === 0 || i === epoch.length - 1);
  return formatTable(
    ['epoch', ...names],
    shown.map((number) => [
      String(number + 1),
      ...names.map((name) => history[name][number].toFixed(4)),
    ]),
    { leftColumns: 0 },
  );
}
