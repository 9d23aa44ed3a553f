/** Which Markdown pages there are: those at the root, the guides, and the examples'. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../native/settings.mjs';
import { filesBelow } from './links.mjs';

/** All of them, as absolute paths. */
export function markdownPages() {
  const isPage = (name) => name.endsWith('.md');
  return [
    ...readdirSync(root)
      .filter(isPage)
      .map((name) => path.join(root, name)),
    ...filesBelow(path.join(root, 'docs'), '.md'),
    ...filesBelow(path.join(root, 'examples'), '.md'),
  ];
}
