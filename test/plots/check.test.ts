/** Mistakes in plots and options are told before anything is drawn. */

import { checkPlot } from '../../lib/plots/check';
import { renderPlot } from '../../lib/plots/render';
import type { Plot } from '../../lib/plots/types';
import { bar, heatMap, imageGrid, line } from './plots';

/** A plot that the types forbid. */
const wrong = (plot: unknown): Plot => plot as Plot;
const series = (points: [number, number][]): Plot => ({ ...line, series: [{ name: 'a', points }] });

it.each<[string, Plot, string, string]>([
  ['no object', wrong(null), 'ERR_GLN_OPTION', 'plot: expected an object, got null'],
  ['no title', { ...bar, title: '' }, 'ERR_GLN_OPTION', 'title: expected some text, got ""'],
  ['an unknown type', wrong({ ...bar, type: 'pie' }), 'ERR_GLN_OPTION', "type: expected 'line',"],
  ['no series', { ...line, series: [] }, 'ERR_GLN_OPTION', 'series: expected an array of at least'],
  ['no points', series([]), 'ERR_GLN_OPTION', 'series[0].points: expected an array of at least'],
  ['NaN', series([[1, Number.NaN]]), 'ERR_GLN_VALUE', 'series[0].points[0][1]: expected a finite'],
  ['0 on a log axis', series([[0, 1]]), 'ERR_GLN_VALUE', 'series[0].points[0][0]: expected a val'],
  [
    'a name twice',
    { ...line, series: [line.series[0], line.series[0]] },
    'ERR_GLN_OPTION',
    'series[1].name: expected a name of its own, got "network" again',
  ],
  [
    'bars without a category',
    { ...bar, series: [{ name: 'a', values: [1] }] },
    'ERR_GLN_SHAPE',
    'series[0].values: expected 2 values, got 1',
  ],
  [
    'a missing row',
    { ...heatMap, values: [[1, 2]] },
    'ERR_GLN_SHAPE',
    'values: expected 2 values, got 1',
  ],
  [
    'a missing label',
    { ...heatMap, labels: [['a', 'b'], ['c']] },
    'ERR_GLN_SHAPE',
    'labels[1]: expected 2 values, got 1',
  ],
  [
    'an image of another size',
    { ...imageGrid, imageWidth: 4 },
    'ERR_GLN_SHAPE',
    'images[0].values: expected 8 values, got 6',
  ],
  [
    'ranges of fewer points',
    { ...line, series: [{ name: 'a', points: [[1, 2]], ranges: [] }] },
    'ERR_GLN_SHAPE',
    'series[0].ranges: expected 1 values, got 0',
  ],
  [
    'an infinite range',
    { ...line, series: [{ name: 'a', points: [[1, 2]], ranges: [[0, Infinity]] }] },
    'ERR_GLN_VALUE',
    'series[0].ranges[0][1]: expected a finite',
  ],
  [
    'counts below a logarithmic axis',
    { ...line, counts: { name: 'Rows', bins: [{ low: 0, high: 1, count: 2 }] } },
    'ERR_GLN_OPTION',
    'counts: expected a linear x axis',
  ],
  [
    'a count that is no number',
    {
      ...line,
      x: { name: 'p', min: 0, max: 1 },
      counts: { name: 'Rows', bins: [{ low: 0, high: 1, count: Number.NaN }] },
    },
    'ERR_GLN_VALUE',
    'counts.bins[0][2]: expected a finite',
  ],
  ['a scale upside down', { ...heatMap, min: 1, max: 0 }, 'ERR_GLN_OPTION', 'max: expected a numb'],
  ['half a pixel', { ...imageGrid, imageWidth: 1.5 }, 'ERR_GLN_OPTION', 'imageWidth: expected an'],
  [
    'unknown colours',
    { ...imageGrid, colours: 'red' as 'sequential' },
    'ERR_GLN_OPTION',
    "colours: expected 'diverging' or 'sequential'",
  ],
  ['a limit of 0', { ...imageGrid, limit: 0 }, 'ERR_GLN_OPTION', 'limit: expected a number > 0'],
])('refuses %s', (_, plot, code, message) => {
  expect(() => checkPlot(plot)).toThrow(
    expect.objectContaining({ name: 'GlnError', code, message: expect.stringContaining(message) }),
  );
});

it.each([
  [{ format: 'jpg' as 'png' }, "format: expected 'svg' or 'png', got \"jpg\""],
  [{ width: 199 }, 'width: expected a number from 200 to 10000, got 199'],
  [{ height: Number.NaN }, 'height: expected a number from 150 to 10000, got NaN'],
  [{ pixelRatio: 0 }, 'pixelRatio: expected a number above 0, to 8, got 0'],
])('refuses the options %j', (options, message) => {
  expect(() => renderPlot(line, options)).toThrow(
    expect.objectContaining({ code: 'ERR_GLN_OPTION', message }),
  );
});
