/** Runs the commands of `gln` that the pages show, each page's in their order, in a folder. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, pages } from '../docs/markdown';
import { at, csv, file, rents, run, useFolder } from './support';

useFolder();

const COMMAND = /^(?:cat (\S+) \| )?(?:npx )?gln (.*)$/;

const shown = pages
  .map((page) => ({
    page,
    folder: page.replace(/\W/g, '-'),
    lines: blocksOf(page)
      .filter(({ language }) => language === 'sh')
      .flatMap(({ text }) => text.trim().split('\n'))
      .filter((line) => COMMAND.test(line)),
  }))
  .filter(({ lines }) => lines.length > 0);

/** Words as a shell has them. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}

it('finds the commands', () => {
  expect(shown.map(({ page }) => page)).toEqual(
    expect.arrayContaining(['README.md', 'docs/cli.md', 'docs/start.md']),
  );
});

describe.each(shown)('$page', ({ page, folder, lines }) => {
  let before: string;

  beforeAll(() => {
    before = process.cwd();
    mkdirSync(at(folder));
    process.chdir(at(folder));
    file(join(folder, 'clicks.csv'), csv(300));
    file(join(folder, 'new.csv'), csv(50, 300));
    file(join(folder, 'rents.csv'), rents(200));
  });
  afterAll(() => process.chdir(before));

  it.each(lines)('%s', async (line) => {
    const [, input, command] = COMMAND.exec(line) ?? [];
    const stdin = input === undefined ? undefined : readFileSync(input, 'utf8');
    const { status, stdout, stderr } = await run(words(command), stdin);
    expect({ status, error: status === 0 ? '' : stderr }).toEqual({ status: 0, error: '' });
    expect(stdout).not.toBe('');
  });

  if (page === 'docs/cli.md') {
    it('has written what it says', () => {
      expect(readFileSync('answers.csv', 'utf8')).toMatch(/^id,prediction,p\(yes\)\n300,/);
      expect(existsSync('drawn.html')).toBe(true);
    });
  }
});
