/**
 * Teaches networks with every kind of gating on the instruction set that the
 * environment forces, and answers with digests of what they became.
 */

import { buildInfo, GLN } from '../../lib/index';
import { answer } from '../support/child';
import { digest } from '../support/gln';
import { gatings, optionsOf, rowsOf } from './gating-plans';

export interface GatingRuns {
  isa: string;
  digests: string[];
}

void answer((): GatingRuns => {
  const digests = gatings.flatMap((gating) =>
    [1, 3].map((threads) => {
      const options = optionsOf(gating, { inputSize: 45, contextMapSize: 5 });
      const model = new GLN({ ...options, threads });
      const { rows, labels } = rowsOf(200, 45, 3, 17);
      model.learn(rows, labels);
      return digest(model.parameters());
    }),
  );
  return { isa: buildInfo().isa, digests };
});
