/** Largest resident memory of this process. */
import { readFileSync } from 'node:fs';

/** Bytes. */
export function peakMemory(): number {
  try {
    // The system's other figure is inherited from the process that started this one.
    const found = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (found) return 1024 * Number(found[1]);
  } catch {
    // Not Linux.
  }
  return 1024 * process.resourceUsage().maxRSS;
}
