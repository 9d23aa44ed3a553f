/** Widths, shortened names, ticks, colours of letters, and markup made harmless. */

import { readableOn } from '../../lib/plots/colours';
import { escapeMarkup, stillPicture } from '../../lib/plots/svg';
import { distinctNames, shortened, textWidth } from '../../lib/plots/text';
import { logTicks, shortTick, ticksUpTo, tickText } from '../../lib/plots/ticks';

it('shortens what does not fit, and keeps both ends', () => {
  expect(shortened('short', 100, 13)).toBe('short');
  const long = 'customer_address_city';
  const short = shortened(long, 80, 13);
  expect(textWidth(short, 13)).toBeLessThanOrEqual(80);
  expect(short).toMatch(/^custo.*….*ty$/);
  // Square characters take more room, accents none, and no character is cut in two.
  expect(textWidth('温度', 10)).toBeGreaterThan(textWidth('ab', 10));
  expect(textWidth('e\u0301', 10)).toBe(textWidth('e', 10));
  expect(shortened('😀'.repeat(50), 60, 13)).toMatch(/^(😀)+…(😀)*$/u);
  expect(shortened('one\nline\u2028only', 200, 13)).toBe('one line only');
  expect(shortened('wide', 1, 13)).toBe('w…');
});

it('keeps names apart that become alike', () => {
  const names = ['a name that is long, with one more', 'b', 'a name that is long and has one more'];
  const short = distinctNames(names, 60);
  expect(new Set(short).size).toBe(3);
  expect(short[0]).toMatch(/ #1$/);
  expect(short[1]).toBe('b');
});

it.each([
  [64, 699, [100, 200, 500]],
  [512, 100_000, [1000, 10_000, 100_000]],
  [1, 10, [1, 2, 5, 10]],
  [0.001, 0.01, [0.001, 0.002, 0.005, 0.01]],
  // No power of ten, and no 2 or 5: the ends have to do.
  [60, 90, [60, 90]],
])('ticks a logarithmic axis from %d to %d', (low, high, ticks) => {
  const found = logTicks(low, high);
  expect(found).toHaveLength(ticks.length);
  for (const [i, tick] of ticks.entries()) expect(found[i]).toBeCloseTo(tick, 12);
});

it.each([
  [100, 88.7, [85, 90, 95, 100]],
  [100, 98.44, [98, 98.5, 99, 99.5, 100]],
  [100, 21, [20, 40, 60, 80, 100]],
  [100, 100, [99, 99.2, 99.4, 99.6, 99.8, 100]],
])('ticks an axis that ends at %d and holds %d', (high, low, ticks) => {
  const found = ticksUpTo(high, low);
  expect(found).toHaveLength(ticks.length);
  for (const [i, tick] of ticks.entries()) expect(found[i]).toBeCloseTo(tick, 9);
});

it('writes numbers as people do', () => {
  expect([1234567, 0.1 + 0.2, 99.9].map(tickText)).toEqual(['1,234,567', '0.3', '99.9']);
  expect([363, 2719, 25_000, 1_500_000].map(shortTick)).toEqual(['363', '2.7K', '25K', '1.5M']);
});

it('writes dark on light and light on dark', () => {
  expect([0, 0.3, 0.5].map(readableOn)).toEqual(['#222222', '#222222', '#222222']);
  expect([0.75, 1].map(readableOn)).toEqual(['#ffffff', '#ffffff']);
});

it('takes out of a picture what reacts to a mouse, and nothing that is seen', () => {
  const seen = '<text x="1" fill="#222222">a class=&quot;b&quot; &lt;style&gt;</text>';
  const svg =
    '<svg width="9" baseProfile="full">\n' +
    '<path d="M0 0" fill="none" pointer-events="visible" stroke="#ddd" class="zr3-cls-1"></path>\n' +
    `${seen}\n<path d="M1 1" transform="translate(1 2)" fill="none" ecmeta_ssr_type="legend"></path>\n` +
    '<path d="M2 2" fill="rgb(0,0,0)" fill-opacity="0"></path>\n' +
    '<clipPath id="zr3-c0"></clipPath>\n' +
    '<style ><![CDATA[\n.zr3-cls-1:hover {\nfill:[object Object];\n}\n]]>\n</style>\n</svg>';
  expect(stillPicture(svg, 'a "b"')).toBe(
    '<svg role="img" aria-label="a &quot;b&quot;" width="9">\n' +
      `<path d="M0 0" fill="none" stroke="#ddd"></path>\n${seen}\n<clipPath id="c0"></clipPath>\n</svg>`,
  );
  expect(escapeMarkup(`<a href='b'>"&"</a>`)).toBe(
    '&lt;a href=&#39;b&#39;&gt;&quot;&amp;&quot;&lt;/a&gt;',
  );
});
