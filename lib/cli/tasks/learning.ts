/** A pass of learning in the terms of the command line, for models of any kind. */
import type { Of, StreamKind } from '../../streams/kinds';
import type { FitOptions } from '../../streams/options';
import type { FitProgress, FitReport } from '../../streams/report';
import type { FitSource } from '../../streams/sources';
import type { FitState } from '../../streams/state';
import type { CurvePoint, RunMetrics, RunOptions, RunProgress, RunReport, Shown } from './task';

/** A model that learns from streams. */
interface Learner<Kind extends StreamKind> {
  fit(source: FitSource<Kind>, options: FitOptions<Kind>): Promise<FitReport<Kind>>;
}

/** How a kind of model tells how it does. */
export interface ProgressView<Kind extends StreamKind, Answers> {
  shown(recent: Of<Kind, 'recent'>): Shown;
  point(progress: FitProgress<Kind>): CurvePoint;
  metrics(state: Of<Kind, 'metricsState'>): RunMetrics<Answers>;
}

/** Learns all blocks. @throws as `fit` does */
export async function learnBlocks<Kind extends StreamKind, Answers>(
  model: Learner<Kind>,
  blocks: AsyncIterable<Of<Kind, 'block'>>,
  { onProgress, resume, ...options }: RunOptions,
  view: ProgressView<Kind, Answers>,
): Promise<RunReport<Answers>> {
  const progressOf = (progress: FitProgress<Kind>): RunProgress => ({
    rows: progress.rows,
    position: progress.position,
    rowsPerSecond: progress.rowsPerSecond,
    shown: view.shown(progress.recent),
    point: view.point(progress),
  });
  const given = {
    ...options,
    onProgress: (progress: FitProgress<Kind>) => onProgress(progressOf(progress)),
    // Of the model's own file; a state of another kind is refused by `fit`.
    ...(resume !== undefined && { resume: resume as FitState<Kind> }),
  };
  const report = await model.fit(blocks, given as FitOptions<Kind>);
  const { learned, seconds, aborted, checkpoints, state } = report;
  return {
    ...progressOf(report),
    ...{ learned, seconds, aborted, checkpoints },
    metrics: view.metrics(state.metrics),
  };
}
