/** Runs the commands that docs/cli.md shows, in the order in which it shows them. */
import { existsSync, readFileSync } from 'node:fs';
import { blocksOf } from '../docs/markdown';
import { at, csv, file, run, useFolder } from './support';

useFolder();

const lines = blocksOf('docs/cli.md')
  .filter(({ language }) => language === 'sh')
  .flatMap(({ text }) => text.trim().split('\n'));

/** Words as a shell has them. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain);
}

describe('docs/cli.md', () => {
  let before: string;

  beforeAll(() => {
    before = process.cwd();
    process.chdir(at('.'));
    file('clicks.csv', csv(300));
    file('new.csv', csv(50, 300));
  });
  afterAll(() => process.chdir(before));

  it.each(lines)('%s', async (line) => {
    const [, input, command] = /^(?:cat (\S+) \| )?gln (.*)$/.exec(line) ?? [];
    const stdin = input === undefined ? undefined : readFileSync(at(input), 'utf8');
    const { status, stdout, stderr } = await run(words(command), stdin);
    expect({ status, error: status === 0 ? '' : stderr }).toEqual({ status: 0, error: '' });
    expect(stdout).not.toBe('');
  });

  it('has written what it says', () => {
    expect(readFileSync(at('answers.csv'), 'utf8')).toMatch(/^id,prediction,p\(yes\)\n300,/);
    expect(existsSync(at('drawn.html'))).toBe(true);
  });
});
