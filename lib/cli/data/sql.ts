/** Texts and names as SQL has them. */

/** A text inside single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name inside double quotes. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
