/** Calls functions of the build scripts, which are ES modules that Jest does not load. */

import path from 'node:path';
import { root, runNode } from '../build/stage';

/** What `name` of scripts/`file` answers to `args`; both ways through JSON. */
export function callScript<Answer>(file: string, name: string, ...args: unknown[]): Answer {
  const url = JSON.stringify(path.join(root, 'scripts', file));
  const code = `import { pathToFileURL } from 'node:url';
    const module = await import(pathToFileURL(${url}));
    const value = module.${name};
    const args = JSON.parse(process.env.CALL_ARGUMENTS);
    console.log(JSON.stringify(typeof value === 'function' ? value(...args) : value));`;
  const output = runNode(['--input-type=module', '-e', code], root, {
    CALL_ARGUMENTS: JSON.stringify(args),
  });
  return JSON.parse(output) as Answer;
}
