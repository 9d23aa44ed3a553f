/** Several pictures in one document. */

/** echarts names clip paths and the like alike in every picture; on one page they must differ. */
export function distinctIds(svg: string, number: number): string {
  return svg
    .replaceAll(/\bid="([^"]+)"/g, `id="p${number}-$1"`)
    .replaceAll(/url\(#([^)]+)\)/g, `url(#p${number}-$1)`)
    .replaceAll(/(xlink:href|href)="#([^"]+)"/g, `$1="#p${number}-$2"`);
}
