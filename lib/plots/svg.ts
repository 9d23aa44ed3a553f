/**
 * Makes the drawing library's SVG into a picture and no more: it comes with rules
 * and attributes for the mouse, and with numbers that count all charts a process
 * has drawn.
 */

const NAMED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as HTML and SVG show it, in an attribute too; names come from data, and may be anything. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => NAMED[character]);
}

/**
 * The same picture without what reacts to a mouse, with its meaning in a word for
 * those who do not see it; the same bytes whenever it is drawn.
 *
 * Quotation marks in texts are escaped by the library, so attributes can be told.
 */
export function stillPicture(svg: string, label: string): string {
  return (
    svg
      .replaceAll(/<style ?><!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*\]\]>\s*<\/style>\n?/g, '')
      .replaceAll(/ (?:class|pointer-events|ecmeta_\w+|baseProfile)="[^"]*"/g, '')
      // Areas for the mouse to touch.
      .replaceAll(/<(path|rect)(?: (?:d|transform)="[^"]*")+ fill="none"(?: \/>|><\/\1>)\n?/g, '')
      .replaceAll(/<(path|rect)[^>]* fill-opacity="0"[^>]*><\/\1>\n?/g, '')
      .replaceAll(/\bzr\d+-/g, '')
      .replace('<svg ', `<svg role="img" aria-label="${escapeMarkup(label)}" `)
  );
}
