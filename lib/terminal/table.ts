/**
 * Aligned columns of plain text.
 *
 * Reports are also read in logs and files, so there are no colours and no box
 * characters, and the package needs no table library for it.
 */

/** Options of {@link formatTable}. */
export interface TableOptions {
  /** How many of the first columns are aligned left, as names; the others right, as numbers. Default 1. */
  leftColumns?: number;
}

const GAP = '  ';

/**
 * Formats a table: a header line, a rule and one line a row, without a trailing
 * newline and without trailing spaces. Missing cells are empty.
 *
 * @param header names of the columns
 * @param rows cells, row by row; control characters become spaces
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  options: TableOptions = {},
): string {
  const leftColumns = options.leftColumns ?? 1;
  const lines = [header, ...rows].map((line) =>
    header.map((_, column) => clean(line[column] ?? '')),
  );
  const widths = header.map((_, column) =>
    Math.max(...lines.map((line) => widthOf(line[column] ?? ''))),
  );
  const format = (line: readonly string[]): string =>
    line
      .map((cell, column) => {
        const padding = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
        return column < leftColumns ? cell + padding : padding + cell;
      })
      .join(GAP)
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join(GAP);
  const [first = [], ...body] = lines;
  return [format(first), rule, ...body.map(format)].join('\n');
}

/** A name from outside must not break the line or steer the terminal. */
function clean(cell: string): string {
  return cell.replace(/\p{Cc}/gu, ' ');
}

/** Columns that a text takes, an accented or combined letter counting once. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{Mn}/u.test(character)) width += isWide(character) ? 2 : 1;
  }
  return width;
}

/** Scripts whose characters terminals draw two columns wide. */
function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u.test(
    character,
  );
}
