/**
 * What a picture shows, as plain data: plots are described here and drawn
 * elsewhere, so that a report can be made and tested without a drawing library.
 */

/** The size of a picture in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/** A named axis. */
export interface PlotAxis {
  /** What is measured, e.g. `rows learned`. */
  name: string;
  /** Its unit, shown in parentheses after the name, e.g. `%`. */
  unit?: string;
  /** `log` for powers of ten; all values must then be above 0. Default `linear`. */
  scale?: 'linear' | 'log';
  /** Lowest value shown; by default chosen from the data. */
  min?: number;
  /** Highest value shown; by default chosen from the data. */
  max?: number;
}

/** One line of a {@link LinePlot}. */
export interface PlotSeries {
  /** Shown in the legend; must differ from the other series' names. */
  name: string;
  /** Pairs of x and y, in the order in which the line visits them. */
  points: readonly (readonly [number, number])[];
  /** A thin dashed line without marks, for something to compare with. Default false. */
  reference?: boolean;
  /** For each point the lowest and highest y that it may stand for, as a thin upright line. */
  ranges?: readonly (readonly [low: number, high: number])[];
}

/** How many there are between two places of an x axis. */
export interface PlotCount {
  /** Where the place begins on the x axis. */
  low: number;
  /** Where it ends. */
  high: number;
  /** Height of the bar. */
  count: number;
}

/** How many rows stand behind each part of an x axis, as bars below the lines. */
export interface PlotCounts {
  /** Name of what is counted, e.g. `Rows`. */
  name: string;
  /** At least one. */
  bins: readonly PlotCount[];
}

interface TitledPlot {
  /** Shown above the picture. */
  title: string;
  /** A smaller line below the title. */
  subtitle?: string;
}

/** Lines over a numeric x axis: learning curves, forgetting curves. */
export interface LinePlot extends TitledPlot {
  /** Which plot it is. */
  type: 'line';
  /** The axis to the right. */
  x: PlotAxis;
  /** The axis upwards. */
  y: PlotAxis;
  /** At least one, each with at least one point. */
  series: readonly PlotSeries[];
  /** Bars below the lines, over a linear x axis that has `min` and `max`; none by default. */
  counts?: PlotCounts;
}

/** A cloud of points: predicted numbers against actual ones. */
export interface ScatterPlot extends TitledPlot {
  /** Which plot it is. */
  type: 'scatter';
  /** The axis to the right; it is linear. */
  x: Omit<PlotAxis, 'scale'>;
  /** The axis upwards; it is linear. */
  y: Omit<PlotAxis, 'scale'>;
  /** At least one. */
  points: readonly (readonly [number, number])[];
  /** A thin dashed line to compare with; none by default. */
  reference?: Omit<PlotSeries, 'reference'>;
}

/** Bars side by side: one group of bars a category, one bar a series. */
export interface BarPlot extends TitledPlot {
  /** Which plot it is. */
  type: 'bar';
  /** Names of the categories, at least one. */
  categories: readonly string[];
  /** Name of what the categories are. */
  categoryName: string;
  /** The axis that bars are measured on; it is linear. */
  y: Omit<PlotAxis, 'scale'>;
  /** At least one. */
  series: readonly {
    /** Shown in the legend. */
    name: string;
    /** A value for each category. */
    values: readonly number[];
  }[];
  /** Bars from left to right, the first category on top: for names that are long. Default false. */
  horizontal?: boolean;
  /** Bars of one category end to end, those below 0 on the other side of it. Default false. */
  stacked?: boolean;
}

/** Coloured cells, row by row: a confusion matrix. */
export interface HeatMapPlot extends TitledPlot {
  /** Which plot it is. */
  type: 'heatMap';
  /** Names of the rows, from top to bottom. */
  rows: readonly string[];
  /** Names of the columns, from left to right. */
  columns: readonly string[];
  /** Name of what the rows are. */
  rowName: string;
  /** Name of what the columns are. */
  columnName: string;
  /** `values[row][column]`: what the colour shows, finite numbers. */
  values: readonly (readonly number[])[];
  /** `labels[row][column]`: text in the cells; none by default. */
  labels?: readonly (readonly string[])[];
  /** What the colours mean, shown beside the colour bar, e.g. `% of the row`. */
  valueName: string;
  /** The value of the lightest colour; by default the lowest one. */
  min?: number;
  /** The value of the darkest colour, above `min`; by default the highest one. */
  max?: number;
}

/** Small images in a grid: saliency maps, digits. */
export interface ImageGridPlot extends TitledPlot {
  /** Which plot it is. */
  type: 'imageGrid';
  /** Width of each image in pixels. */
  imageWidth: number;
  /** Height of each image in pixels. */
  imageHeight: number;
  /** At least one. */
  images: readonly {
    /** Shown above the image. */
    title: string;
    /** Row-major, `imageWidth * imageHeight` of them. */
    values: ArrayLike<number>;
  }[];
  /** Images a row of the grid; default 5. */
  gridColumns?: number;
  /** The value of the strongest colours, above 0; default the largest magnitude. */
  limit?: number;
  /** `diverging` (default): values below and above 0. `sequential`: from 0 up. */
  colours?: 'diverging' | 'sequential';
  /** What the values are, shown beside the colour bar. */
  valueName: string;
}

/** Anything that {@link renderPlot} can draw. */
export type Plot = LinePlot | ScatterPlot | BarPlot | HeatMapPlot | ImageGridPlot;
