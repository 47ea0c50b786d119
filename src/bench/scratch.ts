/** Folders that last as long as the process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Goes when the process ends, also when it is told to by a signal, other than SIGKILL. */
export function scratchFolder(name: string): string {
  const made = mkdtempSync(join(tmpdir(), `parley-${name}-`));
  process.on('exit', () => rmSync(made, { recursive: true, force: true }));
  return made;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
