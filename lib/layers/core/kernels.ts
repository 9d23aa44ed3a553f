/** The addon's arithmetic for layers, and how many threads it may use. */
import type { NativeTensors } from '../../../types/tensors';
import { checkedInteger } from '../../checks';
import { loadAddon } from '../../native';
import { LARGEST_THREADS } from '../../shared-options';

export function kernels(): NativeTensors {
  return loadAddon().tensors;
}

/** @throws GlnError `ERR_GLN_OPTION` */
export function checkedThreads(value: unknown): number {
  return checkedInteger('threads', value, 1, LARGEST_THREADS);
}
