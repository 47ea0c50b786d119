/** Reads pictures in a process of its own for each: what a file does to the decoder ends with it. */
import { join } from 'node:path';
import { MediaUnavailable, type Picture, type Pictures, SIZES } from './media.ts';

export interface SharpOptions {
  /** What one picture may take of a processor, however busy that is. */
  readonly cpuMs?: number;
  /** Only a backstop, for what takes none. */
  readonly timeoutMs?: number;
  readonly memoryBytes?: number;
  /** Processes at once. */
  readonly atOnce?: number;
}

/** What the child says before the bytes of the sizes, which follow one another. */
export interface Head {
  readonly width: number;
  readonly height: number;
  readonly placeholder: string;
  readonly bytes: readonly number[];
}

const CHILD = join(import.meta.dir, 'sharp-child.ts');
/** Larger ones are sent as files. */
const PICTURE_BYTES_MAX = 50_000_000;
const WAITING_MAX = 64;
const ANSWER_BYTES_MAX = 64_000_000;

export function sharpPictures(options: SharpOptions = {}): Pictures {
  const { cpuMs = 10_000, timeoutMs = 180_000, memoryBytes = 512 * 1024 * 1024, atOnce = 2 } = options;
  const waiting: (() => void)[] = [];
  let running = 0;

  const turn = async (): Promise<void> => {
    if (running < atOnce) {
      running++;
      return;
    }
    if (waiting.length >= WAITING_MAX) throw new MediaUnavailable('Too many pictures wait to be read.', 'failed');
    await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const next = (): void => {
    const resolve = waiting.shift();
    if (resolve) resolve();
    else running--;
  };

  return {
    async read(content, bytes) {
      if (bytes > PICTURE_BYTES_MAX) {
        await content[Symbol.asyncIterator]().return?.();
        return null;
      }
      await turn();
      try {
        return await readInChild(content, { cpuMs, timeoutMs, memoryBytes });
      } finally {
        next();
      }
    },
  };
}

type Bounds = Required<Omit<SharpOptions, 'atOnce'>>;

async function readInChild(content: AsyncIterable<Uint8Array>, { cpuMs, timeoutMs, memoryBytes }: Bounds) {
  const child = Bun.spawn([process.execPath, '--no-env-file', CHILD, String(memoryBytes), String(cpuMs)], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    // It gets nothing of what the server knows.
    env: { PATH: process.env['PATH'] ?? '' },
  });
  const fed = feed(child.stdin, content);
  const answer = await collect(child.stdout, () => child.kill('SIGKILL'));
  const code = await child.exited;
  await fed;
  return code === 0 ? pictureOf(answer) : null;
}

/** The child may end before it has read all. */
async function feed(stdin: Bun.FileSink, content: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of content) {
      stdin.write(piece);
      await stdin.flush();
    }
    await stdin.end();
  } catch (error) {
    if (!['EPIPE', 'ECONNRESET'].includes((error as { code?: string }).code ?? '')) throw error;
  }
}

async function collect(stdout: ReadableStream<Uint8Array>, stop: () => void): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of stdout) {
    bytes += piece.length;
    if (bytes > ANSWER_BYTES_MAX) stop();
    else pieces.push(piece);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

function pictureOf(answer: Uint8Array): Picture {
  const end = answer.indexOf(10);
  const { width, height, placeholder, bytes } = JSON.parse(new TextDecoder().decode(answer.subarray(0, end))) as Head;
  let at = end + 1;
  const cut = bytes.map((length) => {
    at += length;
    return answer.slice(at - length, at);
  });
  const sizes = Object.fromEntries(SIZES.map((size, i) => [size, cut[i]!])) as unknown as Picture['sizes'];
  return { width, height, placeholder, sizes };
}
