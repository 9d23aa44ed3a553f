/** What is near to a bit: late, or above and to the left. */

import { nearestBefore } from '../../lib/density/neighbours';

it('is what is late, where bits have no place in a plane', () => {
  expect(Array.from(nearestBefore(5, 3, undefined))).toEqual([4, 3, 2]);
  expect(Array.from(nearestBefore(2, 9, undefined))).toEqual([1, 0]);
  expect(Array.from(nearestBefore(0, 9, undefined))).toEqual([]);
});

it.each([1, 3, 7, 28])('is what is near in pictures of lines of %d', (width) => {
  for (const bit of [0, 1, width, 3 * width - 1, 5 * width + Math.floor(width / 2)]) {
    const distance = (other: number) => {
      const down = Math.floor(bit / width) - Math.floor(other / width);
      return down ** 2 + ((bit % width) - (other % width)) ** 2;
    };
    const all = Array.from({ length: bit }, (_, other) => other).sort(
      (a, b) => distance(a) - distance(b) || b - a,
    );
    for (const count of [1, 2, 5, 24, bit + 1]) {
      expect(Array.from(nearestBefore(bit, count, width))).toEqual(all.slice(0, count));
    }
  }
});

it('is found without looking at all that is far away', () => {
  const begin = process.cpuUsage().user;
  for (let bit = 65_536 - 1000; bit < 65_536; bit++) {
    expect(nearestBefore(bit, 80, 256)).toHaveLength(80);
  }
  // Microseconds. Sorting all 65,000 for each would take minutes.
  expect(process.cpuUsage().user - begin).toBeLessThan(5_000_000);
});
