/** What a user reads when the addon cannot be loaded. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runChild } from '../support/child';
import type { Thrown } from './loading-child';

const script = join(__dirname, 'loading-child.ts');
const empty = mkdtempSync(join(tmpdir(), 'gln-no-addon-'));

afterAll(() => rmSync(empty, { recursive: true }));

it('names platform, Node and folder where no binary is found', () => {
  // node-gyp-build looks into the folder that this variable names.
  const environment = { GATED_LINEAR_NETWORKS_PREBUILD: empty };
  const thrown = runChild<Thrown>(script, null, { environment });
  expect(thrown).toMatchObject({ isGlnError: true, code: 'ERR_GLN_ADDON' });
  expect(thrown.message).toContain(`${process.platform}-${process.arch}`);
  expect(thrown.message).toContain(`Node ${process.versions.node} (Node-API `);
  expect(thrown.message).toContain('instruction set chosen by itself');
  if (process.platform === 'linux') expect(thrown.message).toMatch(/, (glibc [\d.]+|musl), /);
  const tuple = `${process.platform}-${process.arch}`;
  for (const folder of [
    join('build', 'Release'),
    join('build', 'Debug'),
    join('prebuilds', tuple),
  ]) {
    expect(thrown.message).toContain(`\n  ${join(empty, folder)} (does not exist)`);
  }
});

it('names the file that could not be loaded, and the instruction set asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gln-bad-addon-'));
  const file = join(folder, 'build', 'Release', 'broken.node');
  mkdirSync(join(folder, 'build', 'Release'), { recursive: true });
  writeFileSync(file, 'not a library');
  const environment = { GATED_LINEAR_NETWORKS_PREBUILD: folder, GLN_ISA: 'scalar' };
  const thrown = runChild<Thrown>(script, null, { environment });
  rmSync(folder, { recursive: true });
  expect(thrown).toMatchObject({ isGlnError: true, code: 'ERR_GLN_ADDON' });
  expect(thrown.message).toContain(`\n  ${file}`);
  expect(thrown.message).toContain('instruction set scalar (GLN_ISA)');
});

it('names the instruction sets there are where GLN_ISA asks for another', () => {
  const thrown = runChild<Thrown>(script, null, { environment: { GLN_ISA: 'mmx' } });
  expect(thrown).toMatchObject({ isGlnError: true, code: 'ERR_GLN_ISA' });
  expect(thrown.message).toMatch(/^GLN_ISA: expected .*scalar.* got "mmx"/);
});
