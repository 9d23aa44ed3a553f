/**
 * Who plays: the bandit of this package, and the usual linear ones. Each sees one
 * context after the other, chooses, and is told the reward of what it chose.
 */

import { type BanditOptions, GatedLinearBandit } from 'gated-linear-networks';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Problem } from './problems';
import { Random } from './random';

/** One that plays. */
export interface Learner {
  choose(context: Float32Array): number;
  /** The reward of what was chosen last. */
  learn(reward: number): void;
}

/** How a learner of a seed is made for a problem. */
export type MakeLearner = (problem: Problem, seed: number) => Learner;

/** The bandit of this package, with its own defaults but for what is given. */
export function gatedLinear(
  options: Partial<Omit<BanditOptions, 'contextSize' | 'actions'>> = {},
): MakeLearner {
  return ({ contextSize, actions, range }, seed) => {
    const bandit = new GatedLinearBandit({
      contextSize,
      actions,
      seed,
      ...(range === undefined ? {} : { rewards: range }),
      ...options,
    });
    let last = 0;
    return {
      choose(context) {
        const { id, action } = bandit.act(context);
        last = id;
        return action;
      },
      learn: (reward) => bandit.reward(last, reward),
    };
  };
}

/** Any action, all with the same chance. */
export const uniform: MakeLearner = ({ actions }, seed) => {
  const random = new Random(seed);
  return { choose: () => random.below(actions), learn: () => undefined };
};

/** Deviations beyond which a standardised feature is cut, as in the bandit's own defaults. */
const LIMIT = 4;

/** Features by running means and deviations, and a 1: linear models are lost without. */
class Features {
  readonly size: number;
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(contextSize: number) {
    this.size = contextSize + 1;
    this.#mean = new Float64Array(contextSize);
    this.#squares = new Float64Array(contextSize);
  }

  of(context: Float32Array): Matrix {
    this.#count++;
    const features = Matrix.ones(this.size, 1);
    context.forEach((value, i) => {
      const difference = value - this.#mean[i];
      this.#mean[i] += difference / this.#count;
      this.#squares[i] += difference * (value - this.#mean[i]);
      const deviation = Math.sqrt(this.#squares[i] / this.#count);
      const score = deviation > 0 ? (value - this.#mean[i]) / deviation : 0;
      features.set(i, 0, Math.max(-LIMIT, Math.min(LIMIT, score)));
    });
    return features;
  }
}

/** Bayesian linear regression of one action's rewards, ridge 1, updated row by row. */
class LinearModel {
  /** (1 + Σ x xᵀ)⁻¹ */
  readonly covariance: Matrix;
  /** covariance · Σ r x */
  mean: Matrix;
  readonly #moments: Matrix;
  #squares = 0;
  #count = 0;

  constructor(size: number) {
    this.covariance = Matrix.eye(size);
    this.mean = Matrix.zeros(size, 1);
    this.#moments = Matrix.zeros(size, 1);
  }

  predict(x: Matrix): number {
    return this.mean.dot(x);
  }

  /** √(xᵀ covariance x) */
  width(x: Matrix): number {
    return Math.sqrt(Math.max(0, x.dot(this.covariance.mmul(x))));
  }

  learn(x: Matrix, reward: number): void {
    // Sherman and Morrison: the inverse after a row was added.
    const gain = this.covariance.mmul(x);
    this.covariance.sub(gain.mmul(gain.transpose()).div(1 + x.dot(gain)));
    this.#moments.add(Matrix.mul(x, reward));
    this.mean = this.covariance.mmul(this.#moments);
    this.#squares += reward * reward;
    this.#count++;
  }

  /** Weights drawn from the posterior, whose noise is inverse gamma (6, 6) at first. */
  sample(random: Random): Matrix {
    const shape = PRIOR + this.#count / 2;
    const rest = Math.max(0, this.#squares - this.#moments.dot(this.mean));
    const variance = (PRIOR + rest / 2) / shape;
    const root = new CholeskyDecomposition(this.covariance).lowerTriangularMatrix;
    const normal = Matrix.columnVector(
      Array.from({ length: this.mean.rows }, () => random.normal()),
    );
    return Matrix.add(this.mean, root.mmul(normal).mul(Math.sqrt(variance)));
  }
}

/** Shape and scale of the noise's prior, those of Riquelme et al. */
const PRIOR = 6;

/** Plays the action with the largest score by a linear model of each; ties at random. */
function linear(
  { contextSize, actions }: Problem,
  seed: number,
  score: (model: LinearModel, x: Matrix, random: Random) => number,
  chance = 0,
): Learner {
  const random = new Random(seed);
  const features = new Features(contextSize);
  const models = Array.from({ length: actions }, () => new LinearModel(features.size));
  let last = 0;
  let x = Matrix.zeros(features.size, 1);
  return {
    choose(context) {
      x = features.of(context);
      last = random.below(actions);
      if (chance > 0 && random.uniform() < chance) return last;
      let best = Number.NEGATIVE_INFINITY;
      const start = last;
      for (let i = 0; i < actions; i++) {
        const action = (start + i) % actions;
        const next = score(models[action], x, random);
        if (next > best) {
          best = next;
          last = action;
        }
      }
      return last;
    },
    learn: (reward) => models[last].learn(x, reward),
  };
}

/** LinUCB with separate models (Li et al., WWW 2010): prediction + α · width · range of rewards. */
export function linUcb(alpha: number): MakeLearner {
  return (problem, seed) => {
    const { range } = problem;
    const factor = alpha * (range === undefined ? 1 : range.max - range.min);
    return linear(problem, seed, (model, x) => model.predict(x) + factor * model.width(x));
  };
}

/** Thompson sampling: the best action by weights drawn from each posterior. */
export const thompson: MakeLearner = (problem, seed) =>
  linear(problem, seed, (model, x, random) => model.sample(random).dot(x));

/** The best prediction, but any action with a chance of ε. */
export function epsilonGreedy(epsilon: number): MakeLearner {
  return (problem, seed) => linear(problem, seed, (model, x) => model.predict(x), epsilon);
}
