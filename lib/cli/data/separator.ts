/** What stands between the columns of a text. */

const SEPARATORS = [',', ';', '\t', '|'];

/** The separator that the first line has most of. */
export function separatorOf(head: string): string {
  const [line] = head.split('\n', 1);
  const counts = SEPARATORS.map((separator) => line.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))];
}
