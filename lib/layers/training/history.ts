/** What a fit leaves behind. */
import type { Logs } from './step';

/** Figures of every epoch of one `fit`. */
export class History {
  /** Numbers of the epochs, from 0. */
  readonly epoch: number[] = [];
  /** By name, one figure for each epoch: `loss`, metrics, and `val_…` of both. */
  readonly history: { [name: string]: number[] } = {};

  /** @internal */
  add(epoch: number, logs: Logs): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }
}
