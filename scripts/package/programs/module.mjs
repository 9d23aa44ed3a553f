// The package from an ES module.
import { buildInfo, GLN, GlnError } from 'gated-linear-networks';
import work from './work.cjs';

work({ buildInfo, GLN, GlnError });
