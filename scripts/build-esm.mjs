/**
 * Writes an index.mjs and index.d.mts beside each entry of the package: the package
 * for `import`.
 *
 * A wrapper re-exports the CommonJS build by name instead of being a second
 * build, so that a program that loads the package both ways has one addon, one
 * GlnError class and one registry of models. The names come from the type
 * declarations, so nothing is run and the addon need not exist yet.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { root } from './native/settings.mjs';

const require = createRequire(import.meta.url);

/** Names of the values (not mere types) that a declaration file exports. */
function exportedValues(declarations) {
  const typescript = require('typescript');
  const program = typescript.createProgram([declarations], {
    module: typescript.ModuleKind.Node16,
    moduleResolution: typescript.ModuleResolutionKind.Node16,
    target: typescript.ScriptTarget.ES2022,
  });
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(declarations));
  const isValue = (symbol) => {
    const aliased = symbol.flags & typescript.SymbolFlags.Alias;
    const target = aliased ? checker.getAliasedSymbol(symbol) : symbol;
    return (target.flags & typescript.SymbolFlags.Value) !== 0;
  };
  // A class that is exported as a type alone is not there at run time.
  const isTypeOnly = (symbol) =>
    symbol.declarations?.some(typescript.isTypeOnlyImportOrExportDeclaration) ?? false;
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => isValue(symbol) && !isTypeOnly(symbol))
    .map((symbol) => symbol.name)
    .filter((name) => name !== 'default')
    .sort();
}

/** Folders of dist/ with an index that package.json exports. */
const entries = ['.', 'layers'];

export function writeEsmWrappers() {
  for (const entry of entries) {
    const folder = path.join(root, 'dist', entry);
    const names = exportedValues(path.join(folder, 'index.d.ts'));
    if (names.length === 0) throw new Error(`${entry}: index.d.ts exports no value`);
    writeFileSync(
      path.join(folder, 'index.mjs'),
      `import library from './index.js';\n\nexport const {\n  ${names.join(',\n  ')},\n} = library;\n`,
    );
    writeFileSync(path.join(folder, 'index.d.mts'), "export * from './index.js';\n");
  }
}
