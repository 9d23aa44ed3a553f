/**
 * Which model predicts which kind of target: one entry for each, with how it is made
 * and how it is loaded.
 */
import { GlnError } from '../errors';
import { readTensorTexts } from '../format/tensor-file';
import { GaussianGLN } from '../gaussian/gaussian-gln';
import { GLN } from '../gln';
import type { OnlineModel } from '../online-model';
import { modelKind } from '../saving/model-file';
import { classifierOptions } from './class-options';
import type { Schema, Task } from './data/schema';
import { regressorOptions } from './number-options';
import { ClassTask } from './tasks/classes';
import { NumberTask } from './tasks/numbers';
import type { CliTask } from './tasks/task';

/** What the command line says of a model. */
export interface ModelFlags {
  preset: PresetChoice;
  /** Any options of a model, which override the preset's. */
  options: Readonly<Record<string, unknown>>;
  /** Rows that will be learned, where the rate is to fall to the end. */
  rows: number | undefined;
}

/** `tabular`, for accuracy; `plain`, standardised values alone, for speed. */
export const PRESETS = ['tabular', 'plain'] as const;
export type PresetChoice = (typeof PRESETS)[number];

/** One class of models. */
interface ModelKind<Model extends OnlineModel> {
  make(schema: Schema, flags: ModelFlags): Model;
  load(path: string, options: { threads?: number }): Promise<Model>;
  task(model: Model, schema: Schema): CliTask;
}

const classifier: ModelKind<GLN> = {
  make: (schema, flags) => new GLN(classifierOptions(schema, flags)),
  load: (path, options) => GLN.load(path, options),
  task: (model, schema) => new ClassTask(model, schema),
};

const regressor: ModelKind<GaussianGLN> = {
  make: (schema, flags) => new GaussianGLN(regressorOptions(schema, flags)),
  load: (path, options) => GaussianGLN.load(path, options),
  task: (model, schema) => new NumberTask(model, schema),
};

const MODELS: { readonly [Kind in Task]: ModelKind<OnlineModel> } = {
  binary: classifier,
  classes: classifier,
  number: regressor,
};

/** By the names that files have for them. */
const SAVED: Readonly<Record<string, ModelKind<OnlineModel>>> = {
  GLN: classifier,
  GaussianGLN: regressor,
};

/** Makes a new model for a table. @throws GlnError `ERR_GLN_OPTION` */
export function makeModel(schema: Schema, flags: ModelFlags): CliTask {
  const kind = MODELS[schema.target.task];
  return kind.task(kind.make(schema, flags), schema);
}

/**
 * Loads a model of any kind that the command line knows.
 *
 * @param schemaOf the columns that the model was made for
 * @throws GlnError `ERR_GLN_FORMAT`, `ERR_GLN_IO`
 */
export async function loadModel(
  path: string,
  options: { threads?: number },
  schemaOf: (model: OnlineModel) => Schema,
): Promise<CliTask> {
  const name = modelKind(await readTensorTexts(path));
  const kind = name !== undefined && Object.hasOwn(SAVED, name) ? SAVED[name] : undefined;
  if (kind === undefined) {
    const known = Object.keys(SAVED).join(' or ');
    throw new GlnError('ERR_GLN_FORMAT', `${path}: expected a ${known}, got ${name ?? 'no model'}`);
  }
  const model = await kind.load(path, options);
  const schema = schemaOf(model);
  if (MODELS[schema.target.task] !== kind) {
    const message = `its columns are not those of a ${name}`;
    throw new GlnError('ERR_GLN_FORMAT', `${path}: ${message}`);
  }
  return kind.task(model, schema);
}
