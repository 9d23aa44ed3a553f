/** Tables: every line aligned, whatever the cells hold. */

import fc from 'fast-check';

import { formatTable } from '../../lib/terminal/table';

it('aligns names left and numbers right', () => {
  const rows = [
    ['a', '1'],
    ['longer', '1000'],
  ];
  expect(formatTable(['name', 'rows'], rows)).toBe(
    ['name    rows', '------  ----', 'a          1', 'longer  1000'].join('\n'),
  );
  expect(formatTable(['name', 'rows'], [['a', 'b']], { leftColumns: 2 })).toBe(
    ['name  rows', '----  ----', 'a     b'].join('\n'),
  );
});

it('fills missing cells and keeps control characters from the terminal', () => {
  expect(formatTable(['a', 'b'], [['\x1b[2Jx\ny']])).toBe('a        b\n-------  -\n [2Jx y');
});

it('counts wide and combined characters as a terminal draws them', () => {
  const lines = formatTable(
    ['k', 'n'],
    [
      ['数字', '1'],
      ['e\u0301a', '2'],
    ],
  ).split('\n');
  expect(lines).toEqual(['k     n', '----  -', '数字  1', 'e\u0301a    2']);
});

it('puts the same columns under each other', () => {
  const cell = fc.stringMatching(/^[a-z0-9 .]{0,8}[a-z]$/);
  const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(table, (rows) => {
      const lines = formatTable(['one', 'two', 'three'], rows).split('\n');
      expect(lines).toHaveLength(rows.length + 2);
      expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    }),
  );
});
