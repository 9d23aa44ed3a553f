/** Checks of options that several layers have. */
import { checkedRange } from '../../checks';
import { isExtent } from './shape';

/** @throws GlnError `ERR_GLN_OPTION` for anything but an integer from 1 to 2^31 - 1. */
export function checkedUnits(value: unknown): number {
  return checkedRange('units', value, 'a positive integer below 2^31', isExtent);
}

/** A small number that keeps a division from being one by zero. @throws GlnError `ERR_GLN_OPTION` */
export function checkedEpsilon(value: unknown): number {
  return checkedRange('epsilon', value, 'a number above 0 and at most 1', (x) => x > 0 && x <= 1);
}
