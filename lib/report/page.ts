/**
 * A report as one page of HTML: pictures inside, no script, and a policy that lets
 * a browser fetch nothing.
 */
import { renderPlot } from '../plots/render';
import { escapeMarkup } from '../plots/svg';
import type { Fact, ReportDocument, ReportPlot, ReportTable } from './content';
import { distinctIds } from './ids';
import { PAGE_STYLE } from './style';

/** Half of the page's width, and all of it, so that letters have the size of the text. */
const NARROW = { width: 512, height: 400 };
const WIDE = { width: 1072, height: 680 };
/** A table of more does not fit half of the page. */
const MOST_NARROW_COLUMNS = 7;
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** @throws GlnError `ERR_GLN_DEPENDENCY` when `echarts` is not installed */
export function htmlPage({ title, facts, plots, tables }: ReportDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>${escapeMarkup(title)}</h1>
<dl>${facts.map(factItem).join('')}</dl>
</header>
<main>
<section class="pictures" aria-label="Pictures">
${plots.map(figure).join('\n')}
</section>
<section class="numbers">
<h2>Numbers</h2>
<div class="tables">
${tables.map(tableMarkup).join('\n')}
</div>
</section>
</main>
</body>
</html>
`;
}

function factItem([name, value]: Fact): string {
  return `<dt>${escapeMarkup(name)}</dt><dd>${escapeMarkup(value)}</dd>`;
}

function figure({ plot, text, wide = false }: ReportPlot, index: number): string {
  const svg = renderPlot(plot, { ...(wide ? WIDE : NARROW), title: false });
  const { title } = plot;
  return (
    `<figure${wide ? ' class="wide"' : ''} aria-labelledby="p${index}">` +
    `<h2 id="p${index}">${escapeMarkup(title)}</h2>` +
    `${scrolling(title, distinctIds(svg, index))}` +
    `<figcaption>${escapeMarkup(text)}</figcaption></figure>`
  );
}

function tableMarkup({ title, header, rows, names = 1, text }: ReportTable): string {
  const cell = (value: string, column: number): string =>
    column < names
      ? `<th scope="row">${escapeMarkup(value)}</th>`
      : `<td>${escapeMarkup(value)}</td>`;
  const head = header.map((name, column) => {
    const kind = column < names ? ' class="name"' : '';
    return `<th scope="col"${kind}>${escapeMarkup(name)}</th>`;
  });
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`);
  const table = `<table><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
  const note = text === undefined ? '' : `<p>${escapeMarkup(text)}</p>`;
  const kind = header.length > MOST_NARROW_COLUMNS ? ' class="wide"' : '';
  return `<section${kind}><h3>${escapeMarkup(title)}</h3>${note}${scrolling(title, table)}</section>`;
}

/** What is too wide scrolls by itself, also by keys, and not the page. */
function scrolling(name: string, markup: string): string {
  return `<div class="scroll" role="group" tabindex="0" aria-label="${escapeMarkup(name)}">${markup}</div>`;
}
