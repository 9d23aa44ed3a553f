/**
 * Takes the comments out of dist's JavaScript: what they say of the interface stands
 * in the declarations beside it, where editors look. The compiler's own option for
 * this would take them out of both.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './native/settings.mjs';

const require = createRequire(import.meta.url);

/** Rewrites every .js file below `folder`. */
export function stripComments(folder = path.join(root, 'dist')) {
  const ts = require('typescript');
  const compilerOptions = {
    removeComments: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.CommonJS,
  };
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.js')) continue;
    const file = path.join(folder, name);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, ts.transpileModule(text, { compilerOptions, fileName: file }).outputText);
  }
}
