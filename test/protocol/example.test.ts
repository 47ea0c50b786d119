import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { running } from '../server/running.ts';

// Written from docs/protocol.md alone: where the page is wrong, this client fails.
test.skipIf(!Bun.which('python3'))(
  'docs/examples/client.py signs up, talks and resumes (where python3 is)',
  async () => {
    const server = await running();
    const client = join(import.meta.dir, '../../docs/examples/client.py');
    const child = Bun.spawn(['python3', client, server.url], { stdio: ['ignore', 'pipe', 'pipe'] });
    const [said, wrong, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    expect({ wrong, code }).toEqual({ wrong: '', code: 0 });
    expect(said.trim().split('\n')).toEqual([
      'sent once, answered twice: seq 2',
      expect.stringMatching(/^theo read \['Hello from Python'\]/),
      expect.stringContaining("'while you were away 0', 'while you were away 1', 'while you were away 2'"),
      'mara sees that theo has read up to 5',
    ]);
  },
);
