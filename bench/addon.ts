/** The compiled addon, for what the package does not show: yardsticks and bare kernels. */
import { loadAddon } from '../lib/native';

export const addon = loadAddon();
