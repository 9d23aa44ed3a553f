/** The parts of a Markdown page that tests look at. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(__dirname, '..', '..');

/** A fenced block of code. */
export interface Block {
  language: string;
  text: string;
  /** Line of the page on which its code begins, from 1. */
  line: number;
}

/** Every page of the repository, relative to its root. */
export const pages: readonly string[] = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function readPage(page: string): string {
  return readFileSync(join(root, page), 'utf8');
}

/** The page's fenced blocks. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  readPage(page)
    .split('\n')
    .forEach((line, index) => {
      if (!line.startsWith('```')) {
        if (open !== undefined) open.text += `${line}\n`;
      } else if (open === undefined) {
        open = { language: line.slice(3).trim(), text: '', line: index + 2 };
      } else {
        blocks.push(open);
        open = undefined;
      }
    });
  if (open !== undefined) throw new Error(`${page}: the block at line ${open.line} has no end`);
  return blocks;
}

/** The page without its fenced blocks. */
export function proseOf(page: string): string {
  return readPage(page).replace(/^```.*?^```$/gms, '');
}

/** What stands between backquotes in the page's prose. */
export function inlineCodeOf(page: string): string[] {
  return [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code);
}

/** Cells of the table between the comments `<!-- name -->` and `<!-- /name -->`, without its header. */
export function tableOf(page: string, name: string): string[][] {
  const [, marked] = readPage(page).split(new RegExp(`<!-- /?${name} -->`));
  if (marked === undefined) throw new Error(`${page}: no part marked ${name}`);
  return marked
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}
