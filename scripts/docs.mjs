/**
 * `npm run docs`: builds the documentation site and checks all its links, and those
 * of the Markdown pages as code hosts show them. `--check` builds into a folder that
 * is removed at the end; `--out` names another one than `site`; `--external` lists
 * every address elsewhere with what its server says.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Application, TSConfigReader, TypeDocReader } from 'typedoc';
import { ask, checkLinks, filesBelow } from './docs/links.mjs';
import { markdownPages } from './docs/pages.mjs';
import { root } from './native/settings.mjs';

const { values: flags } = parseArgs({
  options: {
    check: { type: 'boolean', default: false },
    external: { type: 'boolean', default: false },
    out: { type: 'string', default: path.join(root, 'site') },
  },
});

/** Whether everything exported is described, and the site could be made. */
async function build(out) {
  const options = { options: path.join(root, 'typedoc.json'), out };
  const readers = [new TypeDocReader(), new TSConfigReader()];
  const app = await Application.bootstrapWithPlugins(options, readers);
  const isClean = () => !app.logger.hasErrors() && !app.logger.hasWarnings();
  const project = await app.convert();
  if (project === undefined) return false;
  app.validate(project);
  if (isClean()) await app.generateOutputs(project);
  return isClean();
}

/** Whether all links of these pages lead somewhere; says which do not. */
function check(name, files, readable, elsewhere) {
  const found = checkLinks(files, readable);
  for (const { file, link, reason } of found.broken) {
    console.error(`${path.relative(root, file)}: ${link}: ${reason}`);
  }
  for (const address of found.elsewhere) elsewhere.add(address);
  console.log(`${name}: ${found.count} links, ${found.broken.length} of them broken`);
  return found.broken.length === 0;
}

/** Whether all servers elsewhere answer; one after the other, to be no burden. */
async function askAll(addresses) {
  let isAlive = true;
  for (const address of [...addresses].filter((each) => each.startsWith('http')).sort()) {
    const { answer, ...said } = await ask(address);
    console.log(`${address}: ${answer}`);
    isAlive &&= said.isAlive;
  }
  return isAlive;
}

process.chdir(root);
const temporary = flags.check ? mkdtempSync(path.join(os.tmpdir(), 'gln-site-')) : undefined;
const out = temporary ?? path.resolve(flags.out);
const elsewhere = new Set();
try {
  const results = [
    check('pages', markdownPages(), '.md', elsewhere),
    (await build(out)) && check('site', filesBelow(out, '.html'), '.html', elsewhere),
    !flags.external || (await askAll(elsewhere)),
  ];
  process.exitCode = results.every(Boolean) ? 0 : 1;
} finally {
  if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
}
