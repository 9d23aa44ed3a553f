/** Deskews as many images as MNIST has and answers with the processor time it took. */

import { deskew } from '../../lib/data/deskew';
import { answer } from '../support/child';

void answer(({ count }: { count: number }): { seconds: number } => {
  const images = new Float32Array(count * 784);
  for (let i = 0; i < images.length; i += 1) {
    const row = Math.floor((i % 784) / 28);
    const column = i % 28;
    // A slanted stroke, another slant for every image.
    images[i] = Math.abs(column - 14 - (row - 14) * ((i % 9) / 10 - 0.4)) < 2 ? 1 : 0;
  }
  const before = process.cpuUsage();
  deskew(images, { out: images });
  const { user, system } = process.cpuUsage(before);
  return { seconds: (user + system) / 1e6 };
});
