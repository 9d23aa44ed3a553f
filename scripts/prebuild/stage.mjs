/**
 * A folder from which any Node runs the package and its platform tests: the
 * TypeScript turned into JavaScript, the golden files, and the prebuilds beside
 * them. No addon of this machine's own stands there.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from '../native/settings.mjs';
import { prebuildsFolder } from './targets.mjs';

const require = createRequire(import.meta.url);

const sources = ['lib', 'test/platforms', 'test/contract', 'test/support', 'test/reference'];
const copies = ['package.json', 'test/fixtures/golden'];

function typescriptFiles(folder) {
  const names = readdirSync(path.join(root, folder), { recursive: true });
  return names
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name));
}

/** Makes the folder anew; returns its path. It stands in the checkout, so that node_modules is found. */
export function makeStage() {
  const ts = require('typescript');
  const stage = path.join(root, 'build-prebuilds', 'stage');
  rmSync(stage, { recursive: true, force: true });
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  for (const file of sources.flatMap(typescriptFiles)) {
    const text = readFileSync(path.join(root, file), 'utf8');
    const { outputText } = ts.transpileModule(text, { compilerOptions, fileName: file });
    const output = path.join(stage, file.replace(/\.ts$/, '.js'));
    mkdirSync(path.dirname(output), { recursive: true });
    writeFileSync(output, outputText);
  }
  for (const entry of copies) {
    cpSync(path.join(root, entry), path.join(stage, entry), { recursive: true });
  }
  if (existsSync(prebuildsFolder)) {
    cpSync(prebuildsFolder, path.join(stage, 'prebuilds'), { recursive: true });
  }
  return stage;
}
