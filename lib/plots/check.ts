/**
 * Finds mistakes in a plot before it is drawn: the drawing library would leave
 * out what it cannot draw, without a word.
 */

import { describe, GlnError } from '../errors';
import { checkPoints } from './scatter';
import type {
  BarPlot,
  HeatMapPlot,
  ImageGridPlot,
  LinePlot,
  Plot,
  PlotAxis,
  PlotCounts,
  ScatterPlot,
} from './types';

/**
 * Checks a plot.
 *
 * @throws GlnError `ERR_GLN_OPTION` for what is missing or out of range,
 *   `ERR_GLN_SHAPE` for a wrong length, `ERR_GLN_VALUE` for NaN, an infinite value
 *   or, on a logarithmic axis, one that is not above 0
 */
export function checkPlot(plot: Plot): void {
  if (typeof plot !== 'object' || plot === null) {
    throw new GlnError('ERR_GLN_OPTION', `plot: expected an object, got ${describe(plot)}`);
  }
  requireText('title', plot.title);
  if (plot.type === 'line') checkLine(plot);
  else if (plot.type === 'scatter') checkScatter(plot);
  else if (plot.type === 'bar') checkBar(plot);
  else if (plot.type === 'heatMap') checkHeatMap(plot);
  else if (plot.type === 'imageGrid') checkImageGrid(plot);
  else {
    const names = "'line', 'scatter', 'bar', 'heatMap' or 'imageGrid'";
    const got = describe((plot as { type: unknown }).type);
    throw new GlnError('ERR_GLN_OPTION', `type: expected ${names}, got ${got}`);
  }
}

function checkLine({ x, y, series, counts }: LinePlot): void {
  requireText('x.name', x.name);
  requireText('y.name', y.name);
  requireSeries(series);
  series.forEach(({ points, ranges }, index) => {
    const name = `series[${index}].points`;
    requireSome(name, points);
    points.forEach((point, position) => {
      checkOnAxis(`${name}[${position}][0]`, point[0], x);
      checkOnAxis(`${name}[${position}][1]`, point[1], y);
    });
    if (ranges !== undefined) checkRanges(`series[${index}].ranges`, ranges, points.length, y);
  });
  if (counts !== undefined) checkCounts(counts, x);
}

function checkRanges(
  name: string,
  ranges: readonly (readonly [number, number])[],
  length: number,
  axis: PlotAxis,
): void {
  requireLength(name, ranges.length, length);
  ranges.forEach((range, position) => {
    for (const end of [0, 1]) checkOnAxis(`${name}[${position}][${end}]`, range[end], axis);
  });
}

function checkCounts({ name, bins }: PlotCounts, { scale, min, max }: PlotAxis): void {
  requireText('counts.name', name);
  requireSome('counts.bins', bins);
  if (scale === 'log' || min === undefined || max === undefined) {
    const message = 'expected a linear x axis with min and max below them, got another';
    throw new GlnError('ERR_GLN_OPTION', `counts: ${message}`);
  }
  bins.forEach(({ low, high, count }, index) => {
    checkValues(`counts.bins[${index}]`, [low, high, count], 3);
  });
}

function checkScatter({ x, y, points, reference }: ScatterPlot): void {
  requireText('x.name', x.name);
  requireText('y.name', y.name);
  checkPoints('points', points);
  if (reference === undefined) return;
  requireText('reference.name', reference.name);
  checkPoints('reference.points', reference.points);
}

function checkBar({ categories, categoryName, y, series }: BarPlot): void {
  requireText('categoryName', categoryName);
  requireText('y.name', y.name);
  requireSome('categories', categories);
  requireSeries(series);
  series.forEach(({ values }, index) => {
    checkValues(`series[${index}].values`, values, categories.length);
  });
}

function checkHeatMap({ rows, columns, values, labels, ...names }: HeatMapPlot): void {
  requireText('rowName', names.rowName);
  requireText('columnName', names.columnName);
  requireText('valueName', names.valueName);
  requireSome('rows', rows);
  requireSome('columns', columns);
  requireLength('values', values.length, rows.length);
  values.forEach((line, row) => {
    checkValues(`values[${row}]`, line, columns.length);
  });
  const { min, max } = names;
  if (min !== undefined) requireFinite('min', min);
  if (max !== undefined) requireFinite('max', max);
  if (min !== undefined && max !== undefined && !(max > min)) {
    throw new GlnError('ERR_GLN_OPTION', `max: expected a number > ${min}, got ${max}`);
  }
  if (labels === undefined) return;
  requireLength('labels', labels.length, rows.length);
  labels.forEach((line, row) => {
    requireLength(`labels[${row}]`, line.length, columns.length);
  });
}

function checkImageGrid(plot: ImageGridPlot): void {
  requireText('valueName', plot.valueName);
  requireCount('imageWidth', plot.imageWidth);
  requireCount('imageHeight', plot.imageHeight);
  if (plot.gridColumns !== undefined) requireCount('gridColumns', plot.gridColumns);
  const { limit } = plot;
  if (limit !== undefined && !(Number.isFinite(limit) && limit > 0)) {
    throw new GlnError('ERR_GLN_OPTION', `limit: expected a number > 0, got ${describe(limit)}`);
  }
  const colours: unknown = plot.colours ?? 'diverging';
  if (colours !== 'diverging' && colours !== 'sequential') {
    const message = `expected 'diverging' or 'sequential', got ${describe(colours)}`;
    throw new GlnError('ERR_GLN_OPTION', `colours: ${message}`);
  }
  requireSome('images', plot.images);
  plot.images.forEach(({ values }, index) => {
    checkValues(`images[${index}].values`, values, plot.imageWidth * plot.imageHeight);
  });
}

function requireSeries(series: readonly { name: string }[]): void {
  requireSome('series', series);
  const names = new Set<string>();
  series.forEach(({ name }, index) => {
    requireText(`series[${index}].name`, name);
    // Two series of one name would be merged in the legend.
    if (names.has(name)) {
      const message = `expected a name of its own, got ${describe(name)} again`;
      throw new GlnError('ERR_GLN_OPTION', `series[${index}].name: ${message}`);
    }
    names.add(name);
  });
}

function requireText(name: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw new GlnError('ERR_GLN_OPTION', `${name}: expected some text, got ${describe(value)}`);
  }
}

function requireCount(name: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new GlnError(
      'ERR_GLN_OPTION',
      `${name}: expected an integer >= 1, got ${describe(value)}`,
    );
  }
}

function requireSome(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length === 0) {
    const message = `expected an array of at least one, got ${describe(values)}`;
    throw new GlnError('ERR_GLN_OPTION', `${name}: ${message}`);
  }
}

function requireLength(name: string, got: number, expected: number): void {
  if (got !== expected) {
    throw new GlnError('ERR_GLN_SHAPE', `${name}: expected ${expected} values, got ${got}`);
  }
}

function checkValues(name: string, values: ArrayLike<number>, length: number): void {
  requireLength(name, values.length, length);
  for (let position = 0; position < length; position++) {
    requireFinite(`${name}[${position}]`, values[position]);
  }
}

function checkOnAxis(name: string, value: number, axis: PlotAxis): void {
  requireFinite(name, value);
  if (axis.scale === 'log' && value <= 0) {
    const message = `expected a value > 0 on a logarithmic axis, got ${describe(value)}`;
    throw new GlnError('ERR_GLN_VALUE', `${name}: ${message}`);
  }
}

function requireFinite(name: string, value: number): void {
  if (!Number.isFinite(value)) {
    throw new GlnError(
      'ERR_GLN_VALUE',
      `${name}: expected a finite number, got ${describe(value)}`,
    );
  }
}
