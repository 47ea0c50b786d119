/** Makes the search index anew from the logs, while no server runs on the folder. */
import { Conversations } from './conversations.ts';
import { Indexing } from './indexing.ts';
import type { NodePorts } from './ports.ts';

/** Calls back with the number of conversations and entries after each. Returns the number of conversations. */
export async function reindex(
  ports: NodePorts,
  onProgress: (conversations: number, entries: number) => void,
): Promise<number> {
  const indexing = new Indexing(ports, new Conversations(ports, () => {}));
  const done = new Set<string>();
  let entries = 0;
  await ports.search.clear();
  for await (const ids of indexing.conversations()) {
    for (const id of ids) {
      if (done.has(id)) continue;
      done.add(id);
      entries += (await indexing.catchUp(id, Number.POSITIVE_INFINITY)).count;
      onProgress(done.size, entries);
    }
  }
  return done.size;
}
