/**
 * Writes the C++ file through which the Windows binary finds Node's functions.
 *
 * An import library would tie the binary to a program called node.exe; in
 * Electron and wherever else Node has another name it would not load. Here the
 * pointers behind `__declspec(dllimport)` are ordinary variables, filled when the
 * binary is loaded with what the running program exports. No import library, no
 * delayed loading, the same for every compiler.
 */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** The names that Node-API of this version has. */
function nodeApiNames(napiVersion) {
  const { symbols } = require('node-api-headers');
  const { js_native_api_symbols: basic, node_api_symbols: ofNode } = symbols[`v${napiVersion}`];
  return [...basic, ...ofNode];
}

/** The file's text. */
export function nodeImports(napiVersion) {
  const names = nodeApiNames(napiVersion);
  return `// Written by scripts/prebuild/node-imports.mjs.
#include <windows.h>

extern "C" {
${names.map((name) => `void* __imp_${name};`).join('\n')}
}

namespace {

struct NodeImports {
  NodeImports() {
    const HMODULE program = GetModuleHandleW(nullptr);
    const struct {
      void** slot;
      const char* name;
    } imports[] = {
${names.map((name) => `        {&__imp_${name}, "${name}"},`).join('\n')}
    };
    for (const auto& import : imports) {
      *import.slot = reinterpret_cast<void*>(GetProcAddress(program, import.name));
    }
  }
};
const NodeImports node_imports;

}  // namespace
`;
}
