/** Teaches every plan on one instruction set, with one thread and with three. */
import { createHash } from 'node:crypto';
import { answer } from '../support/child';
import { digest } from '../support/gln';
import { build, plans, rowsOf } from './plans';

void answer(() =>
  plans.map((plan) => {
    const { rows, targets, weights } = rowsOf(plan);
    return [1, 3].map((threads) => {
      const { model, learn, predict } = build(plan, threads);
      const numbers = [...learn(rows, targets, weights), ...predict(rows)];
      const hash = createHash('sha256').update(Float64Array.from(numbers));
      return `${digest(model.parameters())} ${hash.digest('hex')}`;
    });
  }),
);
