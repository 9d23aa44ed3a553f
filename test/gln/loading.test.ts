/** What a user reads when the addon cannot be loaded. */

import { mkdtempSync, rmSync } from 'node:fs';
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
  expect(thrown.message).toContain(`Node ${process.versions.node}`);
});

it('names the instruction sets there are where GLN_ISA asks for another', () => {
  const thrown = runChild<Thrown>(script, null, { environment: { GLN_ISA: 'mmx' } });
  expect(thrown).toMatchObject({ isGlnError: true, code: 'ERR_GLN_ISA' });
  expect(thrown.message).toMatch(/^GLN_ISA: expected .*scalar.* got "mmx"/);
});
