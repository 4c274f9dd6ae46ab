// Core files without memory.
import { writeFileSync } from 'node:fs';

/**
 * From here on a core file of this process, or of one that it starts, holds no memory: keys, passwords and witnesses are in
 * it. The kernel heeds this for every way a core comes about, and so does gdb's `gcore` (core(5), "Controlling which
 * mappings are written"). Whoever looks for a fault in the program itself writes 0x33 into /proc/PID/coredump_filter.
 */
export function withholdMemory(): void {
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Elsewhere than on Linux there is no such file; units and compose file forbid core files besides.
  }
}
