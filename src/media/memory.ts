import { MEDIA_KEY, type Media } from './media.ts';

/** For tests and the simulator. */
export function memoryMedia(): Media {
  const objects = new Map<string, Uint8Array>();
  return {
    async put(key, content, bytes) {
      check(key);
      const kept = await collect(content);
      if (kept.length !== bytes) throw new Error(`${key}: ${kept.length} bytes came instead of ${bytes}.`);
      objects.set(key, kept);
    },
    async size(key) {
      return objects.get(key)?.length ?? null;
    },
    async read(key, from = 0, to) {
      const bytes = objects.get(key)?.slice(from, to);
      if (!bytes) return null;
      return new ReadableStream<Uint8Array>({
        start: (controller) => {
          if (bytes.length > 0) controller.enqueue(bytes);
          controller.close();
        },
      });
    },
    async copy(from, to) {
      check(to);
      const bytes = objects.get(from);
      if (bytes) objects.set(to, bytes);
      return bytes !== undefined;
    },
    async delete(key) {
      objects.delete(key);
    },
    async list(folder, after, limit) {
      const keys = [...objects.keys()].filter((key) => key.startsWith(`${folder}/`) && key > after);
      return keys.sort().slice(0, limit);
    },
  };
}

function check(key: string): void {
  if (!MEDIA_KEY.test(key)) throw new Error(`No key: ${key}`);
}

async function collect(content: AsyncIterable<Uint8Array> | Uint8Array): Promise<Uint8Array> {
  if (content instanceof Uint8Array) return content.slice();
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece.slice());
  return new Uint8Array(Buffer.concat(pieces));
}
