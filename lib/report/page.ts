/** A report as one page of HTML: pictures inside, no script, nothing to be fetched. */
import { formatReport } from '../metrics/format';
import { renderPlot } from '../plots/render';
import { distinctIds } from './ids';
import type { ReportContent, ReportPlot } from './plots';

const STYLE = `
:root { color-scheme: light; }
body { font: 16px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 1120px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; }
dt { color: #555; } dd { margin: 0; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr));
  gap: 1.5rem; }
figure { margin: 0; border: 1px solid #ddd; border-radius: 4px; padding: .75rem; }
figure svg { width: 100%; height: auto; }
figcaption { color: #444; font-size: .9rem; }
pre { overflow-x: auto; background: #f6f6f6; padding: 1rem; border-radius: 4px; font-size: .85rem; }
`;

/** A text as HTML shows it; names come from data, and may be anything. */
export function escapeHtml(text: string): string {
  const named: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character) => named[character]);
}

/** @throws GlnError `ERR_GLN_DEPENDENCY` when `echarts` is not installed */
export function htmlPage(content: ReportContent, plots: readonly ReportPlot[]): string {
  const { title, facts, classNames } = content;
  const report = content.metrics.snapshot();
  const figures = plots.map(({ plot, text }, i) => {
    const svg = distinctIds(renderPlot(plot), i);
    return `<figure>${svg}<figcaption>${escapeHtml(text)}</figcaption></figure>`;
  });
  const head = facts.map(
    ([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<dl>${head.join('')}</dl>
<main>
${figures.join('\n')}
</main>
<h2>Figures</h2>
<pre>${escapeHtml(formatReport(report, { classNames }))}</pre>
</body>
</html>
`;
}
