/** How a report's page looks: on screens wide and narrow, light and dark, and on paper. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --ink: #1a1a1a; --quiet: #555; --paper: #fff; --line: #ccc; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --quiet: #b4b4b4; --paper: #16181b; --line: #4a4d52; }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  max-width: 1152px; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .25rem; }
p { margin: 0 0 .25rem; color: var(--quiet); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.5rem; }
dt { color: var(--quiet); } dd { margin: 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr));
  gap: 1rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 4px; padding: .5rem; min-width: 0; }
figure h2 { font-size: 1.05rem; margin: .1rem .25rem .5rem; }
figure svg { display: block; width: 100%; height: auto; border-radius: 2px; }
figcaption { color: var(--quiet); font-size: .9rem; margin: .5rem .25rem .1rem; }
.wide { grid-column: 1 / -1; }
.wide svg { min-width: 720px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums;
  overflow-wrap: break-word; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr));
  gap: 0 2rem; align-items: start; }
.tables section { min-width: 0; }
th, td { padding: .15rem .75rem .15rem 0; text-align: right; vertical-align: bottom; }
thead th { border-bottom: 1px solid var(--line); color: var(--quiet); font-weight: 600; }
tbody th { font-weight: 400; max-width: 22rem; }
thead th { min-width: 5rem; max-width: 12rem; }
tbody th, thead .name { text-align: left; }
@media (max-width: 480px) { body { padding: .5rem; } figure { padding: .25rem; } }
@media print {
  :root { color-scheme: light; --ink: #000; --quiet: #444; --paper: #fff; --line: #ccc; }
  html { font-size: 10px; }
  body { max-width: none; padding: 0; font-size: 1rem; }
  .pictures, .tables { grid-template-columns: 1fr 1fr; }
  figure, tr, .tables section { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .wide svg { min-width: 0; }
  .scroll { overflow: visible; }
}
`;
