// The package from a CommonJS program.
require('./work.cjs')(require('gated-linear-networks'));
