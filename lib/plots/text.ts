/**
 * How wide texts are. The drawing library runs without a browser and so cannot
 * measure letters; what it must leave room for is estimated here.
 */

/** Mean advance of a Latin letter, as a part of the font's size: a little more than Open Sans has. */
const LETTER = 0.54;
/** Scripts of square characters. */
const WIDE =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Emoji_Presentation}]/u;

/** About how many pixels a text takes. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) {
    if (!/\p{Mn}/u.test(character)) width += WIDE.test(character) ? 1 : LETTER;
  }
  return width * fontSize;
}

/** The widest of some texts. */
export function widestText(texts: readonly string[], fontSize: number): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(text, fontSize)), 0);
}

/**
 * A text on one line that takes at most so many pixels: the middle is left out, as
 * long names often differ at their ends.
 */
export function shortened(text: string, width: number, fontSize: number): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
  if (textWidth(line, fontSize) <= width) return line;
  const characters = [...line];
  for (let kept = characters.length - 1; kept > 2; kept--) {
    const head = Math.ceil((2 * kept) / 3);
    const tail = characters.slice(characters.length - (kept - head));
    const shorter = `${characters.slice(0, head).join('')}…${tail.join('')}`;
    if (textWidth(shorter, fontSize) <= width) return shorter;
  }
  return `${characters[0]}…`;
}

/**
 * Names that take at most so many pixels (13 high) and still differ: those that became
 * alike have their place, counted from 1, behind them.
 */
export function distinctNames(names: readonly string[], width: number): string[] {
  const short = names.map((name) => shortened(name, width, 13));
  const seen = new Map<string, number>();
  for (const name of short) seen.set(name, (seen.get(name) ?? 0) + 1);
  return short.map((name, i) => ((seen.get(name) ?? 0) > 1 ? `${name} #${i + 1}` : name));
}
