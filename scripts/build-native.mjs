/**
 * Builds the addon with node-gyp, whatever is there already: `npm run build:native`.
 * `--openmp` takes threads from OpenMP instead of the addon's own pool; such a
 * binary needs libgomp wherever it runs.
 */
process.env.npm_config_build_from_source = 'true';
if (process.argv.includes('--openmp')) process.env.GLN_OPENMP = '1';

await import('./install.mjs');
