/** Every operation's start and answer as JSON lines, for an outside checker. See `docs/testing.md`. */
import { createWriteStream } from 'node:fs';

export interface Line {
  readonly proc: string;
  readonly op: 'send' | 'read' | 'observe';
  readonly phase: 'start' | 'ok' | 'refused' | 'unknown';
  readonly conversation: string;
  readonly key?: string;
  readonly seq?: number;
  readonly entries?: readonly (readonly [seq: number, key: string])[];
}

export interface Recorder {
  add(line: Line): void;
  close(): Promise<void>;
}

export function recorder(path: string | undefined): Recorder {
  if (path === undefined) return { add: () => {}, close: async () => {} };
  const stream = createWriteStream(path);
  return {
    add: (line) => void stream.write(`${JSON.stringify({ t: performance.timeOrigin + performance.now(), ...line })}\n`),
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}
