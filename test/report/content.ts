/** What reports are made of in tests: answers of a made-up model, and names that are meant badly. */
import { RunningMetrics } from '../../lib/index';
import type { LearningPoint, ReportContent } from '../../lib/report';

/** Names that markup, templates and legends could stumble over. */
export const HOSTILE_NAMES = [
  '<script>document.title = "owned"</script>',
  'Zoë & "Co"',
  '{a} {b|c} %{d} $&',
  'a class whose name is much too long for any legend, number one',
  'a class whose name is much too long for any legend, number two',
  '"><img src=x onerror="document.title = 1">',
  '',
] as const;

/** Classes with names of their own, the hostile ones first. */
export function classNames(classes: number): string[] {
  return Array.from({ length: classes }, (_, i) => HOSTILE_NAMES[i] ?? `class ${i}`);
}

/** A curve that rises and levels off, with points as `gln` has them. */
export function learningCurve(rows: number, step: number): LearningPoint[] {
  return Array.from({ length: Math.floor(rows / step) }, (_, i) => {
    const seen = (i + 1) * step;
    const accuracy = 0.95 - 0.5 / (1 + seen / 300);
    return { rows: seen, accuracy, logLoss: 1.2 * (1 - accuracy) };
  });
}

/** Answers of a model that is mostly right, and not always sure. */
export function testMetrics(classes: number, rows: number): RunningMetrics {
  const metrics = new RunningMetrics(classes);
  for (let i = 0; i < rows; i++) {
    const label = (i * 5 + Math.floor(i / classes)) % classes;
    const sure = 0.3 + (0.6 * ((i * 7) % 10)) / 10;
    const probabilities = Array.from({ length: classes }, (_, c) =>
      c === label ? sure : (1 - sure) / (classes - 1),
    );
    const answer = classes === 2 ? [probabilities[1]] : probabilities;
    metrics.update(label, answer, sure > 0.5 ? label : (label + 1 + (i % 3)) % classes);
  }
  return metrics;
}

/** All of a report. */
export function reportContent(classes: number, rows = 200): ReportContent {
  return {
    title: 'a <table> & its "model"',
    metrics: testMetrics(classes, rows),
    classNames: classNames(classes),
    learning: learningCurve(6400, 64),
    contributions: Array.from({ length: 30 }, (_, i) => ({
      column: `${HOSTILE_NAMES[i] ?? 'column'} ${i}`,
      contribution: 3 / (i + 1),
      against: 1 / (i + 1),
    })),
    facts: [['layers', '8-1']],
  };
}
