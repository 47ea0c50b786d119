import { describe, expect, test } from 'bun:test';
import { framesSchema, openApi } from '../../src/server/openapi.ts';

interface Operation {
  readonly summary: string;
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly responses: Record<string, { readonly description: string; readonly content: object }>;
}

const api = openApi() as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, path, operation] as const),
);

/** Every value under this key, however deep. */
function under(key: string, value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [...(name === key ? [part] : []), ...under(key, part)]);
}

describe('/openapi.json', () => {
  test.each(operations)('%s declares what it takes and answers', (_name, path, operation) => {
    const declared = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(declared.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(declared.every(({ required }) => required)).toBe(true);
    expect(operation.summary).toMatch(/[.]$/);
    expect(Object.keys(operation.responses)).toEqual(['200', 'default']);
  });
  test('each operation has a name of its own', () => {
    const names = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => /^[a-z]\w+$/i.test(name))).toBe(true);
  });
  test('what it refers to is there', () => {
    const there = (ref: string) =>
      ref
        .split('/')
        .slice(1)
        .reduce((part: unknown, name) => (part as Record<string, unknown>)?.[name], api);
    const refs = under('$ref', api) as string[];
    expect(refs.length).toBeGreaterThan(0);
    for (const ref of refs) expect(there(ref)).toBeObject();
  });
  test('it is JSON as it stands', () => expect(JSON.parse(JSON.stringify(api))).toEqual(api));
});

describe('/frames.json', () => {
  type Described = { description?: string; properties: Record<string, unknown>; required: string[] };
  const { commands, events } = framesSchema() as {
    commands: Record<string, { request: Described; reply: Described }>;
    events: Record<string, Described>;
  };
  test.each(Object.entries(commands))('%s says what it does', (name, { request, reply }) => {
    expect(request.description).toMatch(/[.]$/);
    expect(request.properties['type']).toMatchObject({ const: name });
    expect(reply.required).toEqual(['re', 'result']);
  });
  test.each(Object.entries(events))('the event %s says what it means', (name, event) => {
    expect(event.description).toMatch(/[.]$/);
    expect(event.properties['type']).toMatchObject({ const: name });
  });
});
