/** Texts line by line, from chunks that end anywhere. */

/** A line with its number, from 1. */
export interface Line {
  number: number;
  text: string;
}

/** Lines without their ends; a last one without an end counts. */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Line, void, void> {
  let rest = '';
  let number = 0;
  for await (const chunk of chunks) {
    const text = rest + chunk;
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      number += 1;
      const stop = end > start && text[end - 1] === '\r' ? end - 1 : end;
      yield { number, text: text.slice(start, stop) };
      start = end + 1;
    }
    rest = text.slice(start);
  }
  if (rest !== '') yield { number: number + 1, text: rest };
}
