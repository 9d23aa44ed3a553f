/**
 * What the pages say about the repository: files, commands, and the tables that
 * repeat what the code defines. Links are followed where the site is built.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { GLN } from '../../lib/index';
import { blocksOf, inlineCodeOf, pages, root, tableOf } from './markdown';

function parse(file: string): ts.SourceFile {
  const text = readFileSync(join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The properties of an exported interface. */
function propertiesOf(file: string, name: string): string[] {
  const found = parse(file).statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  return (found?.members ?? []).map((member) => member.name?.getText() ?? '');
}

/** The strings of an exported union type. */
function stringsOf(file: string, name: string): string[] {
  const found = parse(file).statements.find(
    (statement): statement is ts.TypeAliasDeclaration =>
      ts.isTypeAliasDeclaration(statement) && statement.name.text === name,
  );
  if (found === undefined || !ts.isUnionTypeNode(found.type)) return [];
  return found.type.types.map((type) => type.getText().slice(1, -1));
}

const unquoted = (cell: string) => cell.replaceAll('`', '');

describe.each(pages)('%s', (page) => {
  it('names files that exist', () => {
    const paths = inlineCodeOf(page).filter((code) =>
      /^(lib|native|types|test|scripts|examples|docs|\.ci)\/[\w./-]*$/.test(code),
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names commands that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const ofNpm = ['ci', 'install', 'pack'];
    const shown = blocksOf(page)
      .filter(({ language }) => language === 'sh')
      .map(({ text }) => text.replace(/#.*$/gm, ''));
    const commands = [...shown, ...inlineCodeOf(page)]
      .flatMap((text) => [...text.matchAll(/\bnpm (run )?(?:--silent )?([\w:-]+)/g)])
      .filter(([, run, name]) => run !== undefined || !ofNpm.includes(name))
      .map(([, , name]) => name);
    expect(commands.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('the tables of the README', () => {
  const options = tableOf('README.md', 'options');

  it('name every option', () => {
    const names = options.map(([name]) => unquoted(name));
    const expected = propertiesOf('lib/options.ts', 'GLNOptions');
    expect(expected.length).toBeGreaterThan(10);
    expect([...names].sort()).toEqual([...expected].sort());
  });

  it('give the defaults that the model has', () => {
    const found = new GLN({ inputSize: 1, layerSizes: [] }).options as Record<string, unknown>;
    const inWords = new Set([
      'required',
      'the gates look at the input',
      "the processor's",
      '1 for every layer',
      'rows as they come',
      'all of them',
    ]);
    for (const [name, cell] of options) {
      if (inWords.has(cell)) continue;
      const given = unquoted(cell).replaceAll("'", '');
      expect(`${name} ${given}`).toBe(`${name} ${found[unquoted(name)]}`);
    }
  });

  it('name every error code', () => {
    const codes = tableOf('README.md', 'errors').map(([code]) => unquoted(code));
    const expected = stringsOf('lib/errors.ts', 'GlnErrorCode');
    expect(expected.length).toBeGreaterThan(10);
    expect(codes).toEqual(expected);
  });
});
