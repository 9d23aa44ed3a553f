/** The documentation site: it can be built, everything is described, and all links lead somewhere. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pages, proseOf, root } from './markdown';

/** Longer than a build takes on a machine that has much else to do. */
const PATIENCE = 300_000;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gln-docs-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function node(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('the site', () => {
  let site: string;
  const read = (page: string) => readFileSync(join(site, page), 'utf8');

  beforeAll(() => {
    site = join(folder, 'site');
    const { status, stdout, stderr } = node('scripts/docs.mjs', '--out', site);
    expect({ status, said: status === 0 ? '' : stdout + stderr }).toEqual({ status: 0, said: '' });
    expect(stdout).toMatch(/^site: \d{4,} links, 0 of them broken$/m);
    expect(stdout).toMatch(/^pages: \d{2,} links, 0 of them broken$/m);
  }, PATIENCE);

  it('has a page for every guide, with its headings', () => {
    const guides = pages.filter((page) => page.startsWith('docs/'));
    expect(guides.length).toBeGreaterThan(15);
    for (const page of guides) {
      const html = read(page.replace('docs/', 'guides/').replace('.md', '.html'));
      const headings = proseOf(page).match(/^## /gm)?.length ?? 0;
      expect(html.match(/<h2 id="/g) ?? []).toHaveLength(headings);
      expect(html).toMatch(/<h1 id="/);
    }
  });

  it('asks no other server for anything', () => {
    for (const page of [
      'index.html',
      'guides/start.html',
      'classes/gated-linear-networks.GLN.html',
    ]) {
      expect(read(page)).not.toMatch(/<(?:script|link|img)[^>]*(?:src|href)="(?:https?:)?\/\//);
    }
    expect(read('assets/custom.css')).not.toMatch(/@import|url\(/);
  });

  it('colours code, in both themes', () => {
    expect(read('guides/start.html')).toMatch(/<span class="hl-\d+">/);
  });
});

it('finds links that lead nowhere', () => {
  mkdirSync(join(folder, 'deep'));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write(
    'one.md',
    '# One `1`\n\n[a](two.md#two) [b](two.md#no) [c](#no) [d](none.md) [e](#one-1)\n',
  );
  write('two.md', '# Two\n\n# Two\n\n[a](deep/three.html) [b](#two-1) [c](https://example.org)\n');
  write(
    'deep/three.html',
    '<a id="x" href="../one.md">o</a><img src="none.png"><a href="#x">x</a>',
  );
  const files = ['one.md', 'two.md', 'deep/three.html'].map((name) => join(folder, name));
  const { stdout } = node(
    '--input-type=module',
    '-e',
    `import { checkLinks } from './scripts/docs/links.mjs';
    console.log(JSON.stringify(checkLinks(${JSON.stringify(files)}, '.md')));`,
  );
  expect(JSON.parse(stdout)).toEqual({
    count: 11,
    broken: [
      { file: files[0], link: 'two.md#no', reason: 'no such anchor' },
      { file: files[0], link: '#no', reason: 'no such anchor' },
      { file: files[0], link: 'none.md', reason: 'no such file' },
      { file: files[2], link: 'none.png', reason: 'no such file' },
    ],
    elsewhere: ['https://example.org'],
  });
});
