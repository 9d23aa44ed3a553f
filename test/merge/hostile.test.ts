/** Merging refuses what cannot be merged, before anything is made. */

import { GLN, type GLNOptions } from '../../lib/index';
import { errorOf } from '../support/thrown';

const options: GLNOptions = { inputSize: 3, layerSizes: [2], seed: 1, threads: 1 };

const merge = (models: unknown, weights?: unknown) =>
  errorOf(() => GLN.merge(models as GLN[], weights as number[]));

it.each([
  ['no array', undefined, 'ERR_GLN_TYPE models: expected an array of models, got undefined'],
  ['a model alone', new GLN(options), 'ERR_GLN_TYPE models: expected an array'],
  ['none', [], 'ERR_GLN_TYPE models: expected an array of models, got none'],
  ['no model', [new GLN(options), {}], 'ERR_GLN_TYPE models[1]: expected a GLN, got an object'],
  ['a hole', new Array(2), 'ERR_GLN_TYPE models[0]: expected a GLN'],
  ['a hollow model', [Object.create(GLN.prototype)], 'ERR_GLN_TYPE models[0]: expected a GLN'],
])('refuses %s', (_, models, message) => {
  expect(merge(models)).toContain(message);
});

it.each([
  ['no array', 3, 'ERR_GLN_TYPE weights: expected an array'],
  ['too few', [1], 'ERR_GLN_SHAPE weights: expected 2 weights, one a model, got 1'],
  ['too many', [1, 2, 3], 'ERR_GLN_SHAPE weights'],
  ['a negative one', [1, -1], 'ERR_GLN_VALUE weights[1]: expected a finite number of at least 0'],
  ['NaN', [Number.NaN, 1], 'ERR_GLN_VALUE weights[0]'],
  ['infinity', [1, Number.POSITIVE_INFINITY], 'ERR_GLN_VALUE weights[1]'],
  ['text', [1, '1'], 'ERR_GLN_TYPE weights[1]'],
  ['zeros alone', [0, 0], 'ERR_GLN_VALUE weights: expected one above 0'],
  ['null', null, 'ERR_GLN_TYPE weights'],
])('refuses %s as weights', (_, weights, message) => {
  expect(merge([new GLN(options), new GLN(options)], weights)).toContain(message);
});

it('takes weights of any size', () => {
  const models = [new GLN(options), new GLN(options)];
  for (const weights of [
    [Number.MAX_VALUE, Number.MAX_VALUE],
    [5e-324, 5e-324],
    new Float32Array(2).fill(3),
  ]) {
    expect(GLN.merge(models, weights as number[]).parameters()).toEqual(models[0].parameters());
  }
});

it.each<[string, Partial<GLNOptions>]>([
  ['inputSize', { inputSize: 4 }],
  ['layerSizes', { layerSizes: [3] }],
  ['numClasses', { numClasses: 3 }],
  ['contextMapSize', { contextMapSize: 3 }],
  ['bias', { bias: false }],
  ['gating', { gating: 'hadamard' }],
  ['basePredictor', { basePredictor: 'logits' }],
  ['basePredictor', { basePredictor: [{ type: 'standardize' }] }],
  ['basePredictor', { basePredictor: () => [0.5] }],
  ['sideInfo', { sideInfo: [{ type: 'scale' }] }],
  ['sideInfoSize', { sideInfoSize: 3 }],
  ['aggregation', { aggregation: 'average' }],
  ['predClipping', { predClipping: 0.01 }],
  ['weightClipping', { weightClipping: 1 }],
  ['updateMode', { updateMode: 'batch' }],
  ['gates', { seed: 2 }],
  ['gates', { contextBias: true }],
  ['gates', { gateFeatures: 1 }],
])('refuses models that differ in %s', (name, other) => {
  const models = [new GLN(options), new GLN({ ...options, ...other })];
  const text = new RegExp(`^ERR_GLN_OPTION models\\[1\\]: expected the ${name} of models\\[0\\]`);
  expect(merge(models)).toMatch(text);
  expect(merge([...models].reverse())).toMatch(text);
});

it('refuses a function that is not the same one', () => {
  const base = () => [0.5];
  const model = () => new GLN({ ...options, basePredictor: base });
  expect(GLN.merge([model(), model()]).options.basePredictor).toBe(base);
  const other = new GLN({ ...options, basePredictor: () => [0.5] });
  expect(merge([model(), other])).toMatch(
    /^ERR_GLN_OPTION models\[1\]: expected the basePredictor/,
  );
});

it('refuses a model that was disposed', () => {
  const disposed = new GLN(options);
  disposed.dispose();
  expect(merge([new GLN(options), disposed])).toMatch(/^ERR_GLN_DISPOSED/);
});
