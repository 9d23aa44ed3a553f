/**
 * Runs the code that the pages show: what a reader copies must compile under
 * strict settings and do its work.
 *
 * A snippet may use `rows` (300 rows of 8 values) and `labels` (their classes, 0
 * to 2), and every export of the package's main entry without importing it. A statement that
 * ends in the comment `// true` must be true.
 */

import { join } from 'node:path';
import ts from 'typescript';
import * as library from '../../lib/index';
import * as layers from '../../lib/layers';
import { Random } from '../support/random';
import { type Block, blocksOf, pages, root } from './markdown';

interface Snippet extends Block {
  name: string;
  /** Where the compiler believes it to be. */
  file: string;
  /** The block as a module that exports a function. */
  module: string;
}

type Run = (
  rows: Float32Array,
  labels: Uint8Array,
  console: { log(text: string): void },
) => unknown;

const packageName = 'gated-linear-networks';
const importStatement = new RegExp(`^import [^;]*? from '${packageName}(/layers)?';$`, 'gm');
const modules = new Map<string, object>([
  [packageName, library],
  [`${packageName}/layers`, layers],
]);

function asModule(text: string): string {
  const imports = text.match(importStatement) ?? [];
  const body = text
    .replace(importStatement, '')
    .replace(/^(.+); \/\/ true$/gm, "if (!($1)) throw new Error('it is not true');");
  const bound = [...imports, ...(body.match(/^const \{.*\} = require\(.*\);$/gm) ?? [])].join();
  const names = Object.keys(library).filter(
    (name) => new RegExp(`\\b${name}\\b`).test(body) && !new RegExp(`\\b${name}\\b`).test(bound),
  );
  return [
    ...imports,
    names.length === 0 ? '' : `import { ${names.join(', ')} } from '${packageName}';`,
    'export async function run(rows: Float32Array, labels: Uint8Array, ' +
      'console: { log(...values: unknown[]): void }) {',
    'void [rows, labels, console];',
    body,
    '}',
  ].join('\n');
}

const snippets: Snippet[] = pages.flatMap((page) =>
  blocksOf(page)
    .filter(({ language }) => language === 'ts' || language === 'js')
    .map((block) => ({
      ...block,
      name: `${page}:${block.line}`,
      file: join(root, `snippet-${page.replace(/\W/g, '-')}-${block.line}.ts`),
      module: asModule(block.text),
    })),
);

const configuration = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
const options: ts.CompilerOptions = { ...configuration.options, noUnusedLocals: false };

/** A snippet that must not pass. */
const wrong = {
  file: join(root, 'snippet-wrong.ts'),
  module: asModule('new GLN({ inputSize: "eight", layerSizes: [4] });'),
};

/** What the compiler says about each snippet, by its file. */
function diagnose(): Map<string, string[]> {
  const texts = new Map([...snippets, wrong].map(({ file, module }) => [file, module]));
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => texts.has(file) || fileExists(file);
  host.readFile = (file) => texts.get(file) ?? readFile(file);
  host.getSourceFile = (file, languageVersion, ...rest) => {
    const text = texts.get(file);
    return text === undefined
      ? getSourceFile(file, languageVersion, ...rest)
      : ts.createSourceFile(file, text, languageVersion, true);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  const complaints = (file: string) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
  };
  return new Map(
    [...texts.keys()].map((file) => [
      file,
      complaints(file).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
    ]),
  );
}

function load({ module, file }: Snippet): Run {
  const { outputText } = ts.transpileModule(module, {
    fileName: file,
    compilerOptions: { ...options, module: ts.ModuleKind.CommonJS, moduleResolution: undefined },
  });
  const exported: { run?: Run } = {};
  const requireOne = (name: string) => {
    const found = modules.get(name);
    if (found === undefined) throw new Error(`a snippet may not require ${name}`);
    return found;
  };
  new Function('require', 'exports', outputText)(requireOne, exported);
  if (exported.run === undefined) throw new Error('the snippet exports nothing');
  return exported.run;
}

let complaints: Map<string, string[]>;

beforeAll(() => {
  complaints = diagnose();
}, 60_000);

it('finds the snippets', () => {
  expect(snippets.length).toBeGreaterThan(10);
});

it.each(snippets.map((snippet) => [snippet.name, snippet] as const))(
  '%s compiles and runs',
  async (_, snippet) => {
    expect(complaints.get(snippet.file)).toEqual([]);
    const random = new Random(7);
    const labels = Uint8Array.from({ length: 300 }, () => random.below(3));
    await load(snippet)(random.floats(300 * 8), labels, { log: () => undefined });
  },
  60_000,
);

it('asks the compiler in earnest', () => {
  expect(complaints.get(wrong.file)?.join()).toMatch(/not assignable/);
});
