/**
 * Named settings that need no tuning, with their reasons.
 */
import { fail } from '../checks';
import type { GLNOptions } from '../options';
import {
  type ImagePresetOptions,
  imagePreset,
  onlineImagePreset,
  type UnlabelledImagePresetOptions,
} from './images';
import { type TabularPresetOptions, tabularPreset } from './tabular';

/**
 * The presets:
 *
 * - `tabular`: rows of a table, of any scale, with categories and missing values.
 * - `mnist`: small square images; statistics come from unlabelled ones beforehand.
 * - `mnist-online`: the same, with statistics of the rows learned so far.
 */
export type PresetName = 'tabular' | 'mnist' | 'mnist-online';

/** What a preset is given: what it must know, and any option of a model to override it. */
export type PresetOptions<Name extends PresetName = PresetName> = {
  /** For rows of a table. */
  tabular: TabularPresetOptions;
  /** For images, with others to take statistics from. */
  mnist: UnlabelledImagePresetOptions;
  /** For images. */
  'mnist-online': ImagePresetOptions;
}[Name] &
  Partial<GLNOptions>;

interface Preset<Name extends PresetName> {
  make: (options: PresetOptions<Name>) => GLNOptions;
  /** What only the preset knows, and no model. */
  keys: readonly string[];
}

const PRESETS: { [Name in PresetName]: Preset<Name> } = {
  tabular: { make: tabularPreset, keys: ['categories', 'oneHot', 'rows'] },
  mnist: { make: imagePreset, keys: ['rows', 'unlabelled'] },
  'mnist-online': { make: onlineImagePreset, keys: ['rows'] },
};

/**
 * The options of a model by name.
 *
 * @param options `inputSize` and `numClasses`, what the preset needs besides, and any
 *   options of a model, which then override the preset's.
 * @throws GlnError `ERR_GLN_OPTION`, and for `unlabelled` rows as `fitProjection`.
 */
export function presetOptions<Name extends PresetName>(
  name: Name,
  options: PresetOptions<Name>,
): GLNOptions {
  if (typeof name !== 'string' || !Object.hasOwn(PRESETS, name)) {
    fail('preset', `one of ${Object.keys(PRESETS).join(', ')}`, name);
  }
  if (typeof options !== 'object' || options === null) fail('options', 'an object', options);
  const { make, keys } = PRESETS[name];
  const made = make(options);
  const given = Object.entries(options).filter(
    ([key, value]) => !keys.includes(key) && value !== undefined,
  );
  return { ...made, ...Object.fromEntries(given) };
}
