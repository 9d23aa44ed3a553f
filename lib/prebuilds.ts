/**
 * The prebuilds as literal requires, for programs that a bundler has packed: it
 * sees the files here and takes them along, where a path that is put together
 * while running would lead nowhere. Branches on platform and architecture are
 * written out, so that a bundle for one platform can leave out the others.
 */
import type { Addon } from '../types/addon';
import { usesMusl } from './platform';

/**
 * The prebuild for the running platform.
 *
 * @throws Error when there is none, or it cannot be loaded
 * @internal
 */
export function requirePrebuild(): Addon {
  if (process.platform === 'linux') {
    if (process.arch === 'x64') {
      return usesMusl()
        ? require('../prebuilds/linux-x64/gated-linear-networks.musl.node')
        : require('../prebuilds/linux-x64/gated-linear-networks.glibc.node');
    }
    if (process.arch === 'arm64') {
      return usesMusl()
        ? require('../prebuilds/linux-arm64/gated-linear-networks.musl.node')
        : require('../prebuilds/linux-arm64/gated-linear-networks.glibc.node');
    }
  }
  if (process.platform === 'win32' && process.arch === 'x64') {
    return require('../prebuilds/win32-x64/gated-linear-networks.node');
  }
  if (process.platform === 'darwin') {
    if (process.arch === 'x64') {
      return require('../prebuilds/darwin-x64/gated-linear-networks.node');
    }
    if (process.arch === 'arm64') {
      return require('../prebuilds/darwin-arm64/gated-linear-networks.node');
    }
  }
  throw new Error('there is no prebuild for this platform');
}
