/**
 * SQL that makes numbers of columns inside DuckDB, so that what crosses over to
 * JavaScript are rows of floats, and no text but those of hashed categories.
 */
import type { ColumnType } from './profile';

import type { InputColumn, Target } from './schema';
import { identifier, quoted } from './sql';
import { NO_CLASS } from './values';

const NAN = "'nan'::FLOAT";
/** Stands for what cannot be read; no row may hold it. */
const UNREADABLE = "'inf'::FLOAT";

const INTEGERS = new Set(
  'TINYINT SMALLINT INTEGER BIGINT HUGEINT UTINYINT USMALLINT UINTEGER UBIGINT UHUGEINT'.split(' '),
);

/** What kind of values a type of DuckDB's holds. */
export function columnType(typeName: string): ColumnType {
  if (INTEGERS.has(typeName)) return 'integer';
  if (typeName === 'FLOAT' || typeName === 'DOUBLE' || typeName.startsWith('DECIMAL')) {
    return 'number';
  }
  if (typeName === 'BOOLEAN') return 'boolean';
  if (typeName === 'DATE' || typeName.startsWith('TIMESTAMP')) return 'date';
  if (typeName === 'VARCHAR' || typeName === 'UUID' || typeName.startsWith('ENUM')) return 'text';
  return 'unsupported';
}

/** NULL as NaN, and what cannot be cast as {@link UNREADABLE}. */
function castOr(column: string, cast: string): string {
  return `CASE WHEN ${column} IS NULL THEN ${NAN} ELSE coalesce(${cast}, ${UNREADABLE}) END`;
}

/**
 * The inputs of a row: first one list of floats, which DuckDB lays out row after row
 * as models take them, then the texts of each hashed column, whose place in the list
 * is kept by NaN.
 *
 * @param typeOf what DuckDB says that a column is now
 */
export function rowExpressions(
  inputs: readonly InputColumn[],
  typeOf: (name: string) => string,
): string[] {
  const expressions = inputs.map((input) => inputExpression(input, typeOf(input.name)));
  const isHash = (i: number): boolean => inputs[i].kind === 'hash';
  const floats = expressions.map((expression, i) => (isHash(i) ? NAN : expression));
  return [`[${floats.join(', ')}]`, ...expressions.filter((_, i) => isHash(i))];
}

/** A column as floats; a hashed one as texts. */
function inputExpression(input: InputColumn, typeName: string): string {
  const column = identifier(input.name);
  const type = columnType(typeName);
  switch (input.kind) {
    case 'number':
      if (typeName === 'FLOAT') return `coalesce(${column}, ${NAN})`;
      if (type === 'integer') return `coalesce(CAST(${column} AS FLOAT), ${NAN})`;
      return castOr(column, `TRY_CAST(${column} AS FLOAT)`);
    case 'boolean':
      return castOr(column, `CAST(TRY_CAST(${column} AS BOOLEAN) AS FLOAT)`);
    case 'date':
      return castOr(column, `CAST(epoch(TRY_CAST(${column} AS TIMESTAMP)) / 86400 AS FLOAT)`);
    case 'oneHot':
      return `coalesce(CAST(${codeOf(column, input.categories)} AS FLOAT), ${NAN})`;
    case 'hash':
      return `trim(CAST(${column} AS VARCHAR))`;
  }
}

/** The share of a column's texts that are numbers; NULL where there are none. */
export function numericShare(name: string): string {
  const column = identifier(name);
  const numbers = `count(TRY_CAST(CAST(${column} AS VARCHAR) AS DOUBLE))`;
  return `${numbers} / nullif(count(${column}), 0)`;
}

/** A column's different values as JSON; more than `most`, or most of them, where there are many. */
export function differentValues(name: string, typeName: string, most: number): string {
  const column = identifier(name);
  // Of two possible values counts are quicker than texts.
  if (typeName === 'BOOLEAN') return `CAST(map_keys(histogram(${column})) AS JSON)`;
  return `CAST(approx_top_k(CAST(${column} AS VARCHAR), ${most}) AS JSON)`;
}

/** The target: of numbers their values, which are still to be looked up; of texts their class. */
export function targetExpression({ name, numeric, classes }: Target, typeName: string): string {
  const column = identifier(name);
  const type = columnType(typeName);
  if (!numeric) {
    const code = type === 'boolean' ? truthCode(column, classes) : codeOf(column, classes);
    return `coalesce(CAST(${code} AS DOUBLE), ${NO_CLASS})`;
  }
  const isNumber = type === 'number' || type === 'integer';
  const number = isNumber ? `CAST(${column} AS DOUBLE)` : `TRY_CAST(${column} AS DOUBLE)`;
  return `coalesce(${number}, ${NAN})`;
}

/** How much a row counts; NaN where nothing says so. */
export function weightExpression(name: string): string {
  return `coalesce(TRY_CAST(${identifier(name)} AS DOUBLE), 'nan'::DOUBLE)`;
}

/** A name's place in a list, as DuckDB finds it; NULL for others. */
function codeOf(column: string, names: readonly string[]): string {
  const list = names.map(quoted).join(', ');
  return `enum_code(TRY_CAST(trim(CAST(${column} AS VARCHAR)) AS ENUM(${list})))`;
}

/** The same of a truth value, without making texts of it. */
function truthCode(column: string, names: readonly string[]): string {
  const code = (name: string): string => (names.includes(name) ? `${names.indexOf(name)}` : 'NULL');
  return `CASE WHEN ${column} THEN ${code('true')} WHEN NOT ${column} THEN ${code('false')} END`;
}
