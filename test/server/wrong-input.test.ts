/** Input that the schemas say is wrong, made from the schemas: each is refused by its place, and the socket lives on. */
import { afterAll, expect, test } from 'bun:test';
import type { TObject, TSchema } from 'typebox';
import { COMMAND_NAMES, COMMANDS } from '../../src/protocol/commands.ts';
import { ROUTES } from '../../src/server/http-api.ts';
import { ask, type Running, running, Socket, signUp } from './running.ts';

type Schema = TSchema & {
  type?: string;
  const?: unknown;
  anyOf?: Schema[];
  items?: Schema;
  minItems?: number;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
  properties?: Record<string, Schema>;
  required?: string[];
};

interface Wrong {
  readonly what: string;
  readonly value: unknown;
  readonly path: string;
}

/** A value that the schema takes, with every field that it may have. */
function right(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.anyOf) return right(schema.anyOf[0]!);
  if (schema.type === 'object') {
    return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, field]) => [name, right(field)]));
  }
  if (schema.type === 'array') return Array.from({ length: schema.minItems ?? 0 }, () => right(schema.items!));
  if (schema.type === 'integer') return schema.minimum ?? 0;
  if (schema.type === 'boolean') return true;
  if (schema.type === 'string' && schema.pattern) {
    return 'A'.repeat(Number(/\{(\d+)\}\$$/.exec(schema.pattern)?.[1] ?? 22));
  }
  if (schema.type === 'string') return 'a'.repeat(schema.minLength ?? 0);
  return null;
}

/** One fault each, at every depth. */
function* wrongs(schema: Schema, path = ''): Generator<Wrong> {
  if (schema.anyOf) {
    yield { what: 'of no kind', value: 7, path };
    const parts = schema.anyOf.filter(({ type }) => type === 'object');
    for (const part of parts) {
      for (const wrong of within(part, path)) {
        // What is told apart by its fields is nothing without them.
        const isNone = parts.length > 1 && Object.keys(wrong.value as object).length === 0;
        yield isNone ? { ...wrong, path } : wrong;
      }
    }
    return;
  }
  if (schema.type === undefined) return;
  yield { what: 'mistyped', value: schema.type === 'object' ? 7 : { nothing: 1 }, path };
  if (schema.type === 'integer') {
    yield { what: 'a fraction', value: 1.5, path };
    if (schema.minimum !== undefined) yield { what: 'too small', value: schema.minimum - 1, path };
    if (schema.maximum !== undefined) yield { what: 'too large', value: schema.maximum + 1, path };
  }
  if (schema.type === 'string') {
    if (schema.maxLength !== undefined) yield { what: 'oversized', value: 'a'.repeat(schema.maxLength + 1), path };
    if (schema.minLength) yield { what: 'empty', value: '', path };
    if (schema.pattern) yield { what: 'of another form', value: `${'A'.repeat(21)}B`, path };
  }
  if (schema.type === 'array') {
    const item = right(schema.items!);
    if (schema.maxItems !== undefined) yield { what: 'oversized', value: Array(schema.maxItems + 1).fill(item), path };
    if (schema.minItems) yield { what: 'empty', value: [], path };
    for (const wrong of wrongs(schema.items!, `${path}/0`)) yield { ...wrong, value: [wrong.value] };
  }
  if (schema.type === 'object') {
    const whole = right(schema) as Record<string, unknown>;
    yield { what: 'unknown', value: { ...whole, nothing: 1 }, path: `${path}/nothing` };
    for (const name of schema.required ?? []) {
      const { [name]: _, ...rest } = whole;
      yield { what: 'missing', value: rest, path: `${path}/${name}` };
    }
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      for (const wrong of wrongs(field, `${path}/${name}`))
        yield { ...wrong, value: { ...whole, [name]: wrong.value } };
    }
  }
}

/** Faults of the fields. What has another kind, or is an object with none, is another thing and not a wrong field. */
function within(schema: TSchema, at = ''): Wrong[] {
  const kind = (schema as Schema).properties?.['kind']?.const;
  return [...wrongs(schema as Schema, at)].filter(
    ({ path, value }) => path !== at && (kind === undefined || (value as { kind?: unknown }).kind === kind),
  );
}

let shared: Promise<{ server: Running; socket: Socket; token: string }> | null = null;
let stop = async () => {};
afterAll(() => stop());

function theServer() {
  return (shared ??= (async () => {
    const server = await running({ limits: { commandsBurst: 100_000, frameBytes: 1024 * 1024 }, outlives: true });
    stop = server.stop;
    const { token } = await signUp(server, 'mara');
    return { server, socket: await Socket.signedIn(server, token, true), token };
  })());
}

test.each(COMMAND_NAMES)('%s: each field missing, mistyped, oversized, unknown', async (name) => {
  const { server, socket } = await theServer();
  for (const { what, value, path } of within(COMMANDS[name].request)) {
    // Another version is told so before its fields are looked at.
    if (name === 'hello' && path === '/protocol' && Number.isInteger((value as { protocol: unknown }).protocol))
      continue;
    const { error } = await socket.ask({ type: name, ...(value as object) });
    expect(`${what} ${error?.code} ${error?.path}`).toBe(`${what} bad_frame ${path}`);
  }
  expect(await socket.call('devices', {})).toMatchObject({ devices: [{ name: 'test' }] });
  expect(server.reported).toEqual([]);
});

test.each(ROUTES.filter(({ body }) => body !== null).map((route) => [route.path, route] as const))(
  'POST %s: each field missing, mistyped, oversized, unknown',
  async (path, { body }) => {
    const { server, token } = await theServer();
    for (const wrong of wrongs(body as Schema)) {
      if (JSON.stringify(wrong.value).length > 60_000) continue;
      const answer = await ask(server, path, { token, body: wrong.value });
      expect(`${wrong.what} ${answer.status} ${answer.body.error.path}`).toBe(`${wrong.what} 400 ${wrong.path}`);
    }
  },
);

test.each(ROUTES.filter(({ method }) => method === 'GET').map((route) => [route.path, route] as const))(
  'GET %s: each part of the query missing, mistyped, unknown, given twice',
  async (path, { query }) => {
    const { server, token } = await theServer();
    const whole = right(query) as Record<string, unknown>;
    const at = path.replace(':id', 'A'.repeat(22));
    for (const wrong of wrongs(query as TObject as Schema)) {
      if (typeof wrong.value !== 'object') continue;
      const asked = new URLSearchParams(
        Object.entries(wrong.value as object).map(([name, value]) => [
          name,
          value?.nothing ? 'x'.repeat(120) : `${value}`,
        ]),
      );
      const answer = await ask(server, `${at}?${asked}`, { token });
      expect(`${wrong.what} ${answer.status} ${answer.body.error?.path}`).toBe(`${wrong.what} 400 ${wrong.path}`);
    }
    for (const [name, value] of Object.entries(whole)) {
      const answer = await ask(server, `${at}?${name}=${value}&${name}=${value}`, { token });
      expect([answer.status, answer.body.error.path]).toEqual([400, `/${name}`]);
    }
  },
);

test.each([
  ['no JSON', '{', null],
  ['a number', '7', null],
  ['null', 'null', null],
  ['no id', '{"type":"devices"}', null],
  ['an id that is none', '{"id":-1,"type":"devices"}', null],
  ['no type', '{"id":1}', 1],
  ['a type that is none', '{"id":1,"type":7}', 1],
  ['an unknown command', '{"id":1,"type":"toString"}', 1],
  ['lists in lists', '[[]]', null],
])('a frame that is %s is answered, and the socket lives on', async (_, text, id) => {
  const { socket } = await theServer();
  socket.send(text);
  const { error } = await socket.next((reply) => reply.re === id);
  expect(error?.code).toBeOneOf(['bad_frame', 'unknown_command']);
  expect(await socket.call('devices', {})).toMatchObject({ devices: [{ name: 'test' }] });
});
