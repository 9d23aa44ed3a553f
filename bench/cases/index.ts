/** All cases by name, in the order in which they run. */
import { call } from './call';
import type { Case } from './case';
import { gate } from './gate';
import { glu } from './glu';
import { growth } from './growth';
import { learn, predict } from './layer';
import { learnRow } from './learn-row';
import { mnist16, mnist128 } from './mnist';
import { clickThrough, wide } from './tabular';

export const cases: Readonly<Record<string, Case>> = {
  gate,
  learn,
  predict,
  'learn-row': learnRow,
  call,
  'mnist-16-16': mnist16,
  'mnist-128-128': mnist128,
  ctr: clickThrough,
  wide,
  growth,
  glu,
};
