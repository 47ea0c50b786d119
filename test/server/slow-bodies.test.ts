/** Bodies that come slowly: a phone in a bad place is waited for, whoever only holds on is not. */
import { expect, test } from 'bun:test';
import { connect } from 'node:net';
import { failureOf } from '../../src/server/failed.ts';
import { failureAnswer } from '../../src/server/http-answer.ts';
import { readBytes } from '../../src/server/http-body.ts';
import { atEnd } from '../endings.ts';

const PACE = { everyMs: 250, leastBytes: 40 };

/** Sends a body of so many bytes, `each` of them every 50 ms; what is answered, once the connection is closed. */
async function sent(bytes: number, each: number): Promise<string> {
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: (request) =>
      readBytes(request, 1_000, PACE).then(
        (body) => new Response(`${body.length} bytes`, { headers: { Connection: 'close' } }),
        (error) => failureAnswer(failureOf(error)!, undefined, { Connection: 'close' }),
      ),
  });
  atEnd(() => void server.stop(true));
  const socket = connect(server.port!, '127.0.0.1');
  let [left, answer] = [bytes, ''];
  socket.on('data', (data) => {
    answer += String(data);
  });
  socket.on('error', () => {});
  socket.write(`PUT / HTTP/1.1\r\nHost: parley.test\r\nContent-Length: ${bytes}\r\n\r\n`);
  const timer = setInterval(() => {
    socket.write('a'.repeat(Math.min(each, left)));
    left -= Math.min(each, left);
    if (left === 0) clearInterval(timer);
  }, 50);
  await new Promise((resolve) => socket.on('close', resolve));
  clearInterval(timer);
  return answer;
}

test('one that moves is taken, however long it takes', async () => {
  expect(await sent(400, 20)).toContain('400 bytes');
});

test('one that hardly moves is refused in words, and its connection closed', async () => {
  const answer = await sent(400, 1);
  expect(answer).toStartWith('HTTP/1.1 408');
  expect(answer).toContain('"code":"too_slow","message":"That came too slowly. It is tried again by itself."');
});

test('one that is larger than it may be is refused, whether it says so or not', async () => {
  expect(await sent(2_000, 500)).toContain('"code":"too_large"');
  const chunks = new ReadableStream({
    pull: (controller) => controller.enqueue(new Uint8Array(600)),
  });
  const request = new Request('http://parley.test/', { method: 'PUT', body: chunks });
  expect(failureOf(await readBytes(request, 1_000).catch((error) => error))?.code).toBe('too_large');
});
