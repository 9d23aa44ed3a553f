/** The layers that files can hold, by the names of their classes. */
import { BatchNormalization } from '../batch-normalization';
import { Concatenate } from '../concatenate';
import type { Layer, LayerConfig } from '../core/layer';
import { Dense } from '../dense';
import { Dropout } from '../dropout';
import { GatedLinearUnit } from '../gated-linear-unit';
import { GatedResidualNetwork } from '../gated-residual-network';
import { LayerNormalization } from '../layer-normalization';
import { Add, Multiply } from '../merge';

export const LAYERS: ReadonlyMap<string, (config: LayerConfig) => Layer> = new Map<
  string,
  (config: LayerConfig) => Layer
>([
  ['Add', Add.fromConfig],
  ['BatchNormalization', BatchNormalization.fromConfig],
  ['Concatenate', Concatenate.fromConfig],
  ['Dense', Dense.fromConfig],
  ['Dropout', Dropout.fromConfig],
  ['GatedLinearUnit', GatedLinearUnit.fromConfig],
  ['GatedResidualNetwork', GatedResidualNetwork.fromConfig],
  ['LayerNormalization', LayerNormalization.fromConfig],
  ['Multiply', Multiply.fromConfig],
]);
