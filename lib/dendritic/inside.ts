/**
 * What is inside a model of dendritic gated networks, whichever its form: the networks,
 * what was saved beside them, and the asynchronous calls.
 */
import { AsyncCalls } from '../async';
import type { ModelParts } from '../online-model';
import { DendriticEngine } from './engine';
import type { AnyDendriticOptions } from './options';
import { type DendriticKind, encodeDendrites, LoadedDendrites } from './saving';

/** The inside of one model. */
export class DendriticInside<Options extends AnyDendriticOptions, Results> {
  readonly engine: DendriticEngine<Options>;
  readonly calls = new AsyncCalls<Results>();
  /** What the model of a file was saved with. */
  readonly extra: unknown;
  /** For `OnlineModel`. */
  readonly parts: ModelParts;

  /**
   * @param given a caller's options, or what loading hands over.
   * @throws GlnError as the engine, and `ERR_GLN_OPTION`
   */
  constructor(kind: DendriticKind<Options>, given: unknown) {
    const loaded =
      given instanceof LoadedDendrites ? (given as LoadedDendrites<Options>) : undefined;
    const engine = loaded?.engine ?? new DendriticEngine(kind.resolve(given));
    this.engine = engine;
    this.extra = loaded?.extra;
    this.parts = {
      native: engine.native,
      encode: (beside) => encodeDendrites(kind.name, engine, beside),
      idle: () => this.calls.idle(),
    };
  }
}
