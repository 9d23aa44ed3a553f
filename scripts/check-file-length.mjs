/** Fails where a source file has outgrown what one can keep in mind: 400 lines. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './native/settings.mjs';

const limit = 400;
const folders = ['native', 'lib', 'types', 'scripts', 'test', 'bench', 'examples'];
const sources = /\.(cpp|hpp|h|ts|mts|mjs|js)$/;

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'third_party' ? [] : filesBelow(name);
    return sources.test(entry.name) ? [name] : [];
  });
}

const tooLong = folders
  .map((folder) => path.join(root, folder))
  .filter(existsSync) // git keeps no empty folders
  .flatMap(filesBelow)
  .map((file) => ({ file, lines: readFileSync(file, 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > limit);

for (const { file, lines } of tooLong) {
  console.error(`${path.relative(root, file)}: ${lines} lines, at most ${limit} are allowed`);
}
process.exit(tooLong.length > 0 ? 1 : 0);
