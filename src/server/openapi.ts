/** What the server says of itself, made from the schemas that it checks by. */
import Type, { type TSchema } from 'typebox';
import { COMMANDS } from '../protocol/commands.ts';
import { CLOSE, ERRORS } from '../protocol/errors.ts';
import { EVENTS } from '../protocol/events.ts';
import { PROTOCOL_VERSION } from '../protocol/version.ts';
import { ErrorAnswer, ROUTES } from './http-api.ts';

/** OpenAPI 3.1. */
export function openApi(): unknown {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, summary, needsSession, body, query, answer } of ROUTES) {
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
    const parameters = [
      ...inPath.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...Object.entries(query.properties).map(([name, schema]) => ({
        name,
        in: 'query',
        required: query.required?.includes(name) ?? false,
        schema,
      })),
    ];
    const at = path.replace(/:(\w+)/g, '{$1}');
    paths[at] ??= {};
    paths[at][method.toLowerCase()] = {
      summary,
      operationId: `${method.toLowerCase()}${at.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase())}`,
      security: needsSession ? [{ bearer: [] }] : [],
      ...(parameters.length > 0 ? { parameters } : {}),
      ...(body ? { requestBody: { required: true, content: contentOf(body) } } : {}),
      responses: {
        200: { description: 'Done.', content: json(answer) },
        default: { description: 'Not done.', content: json({ $ref: '#/components/schemas/Error' }) },
      },
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: String(PROTOCOL_VERSION),
      description:
        'Every address also answers under an account slot (/0/api/… to /9/api/…), where a cookie stands for the token.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: { Error: ErrorAnswer },
    },
  };
}

function json(schema: unknown) {
  return { 'application/json': { schema } };
}

function contentOf(body: TSchema | 'bytes') {
  return body === 'bytes' ? { 'application/octet-stream': {} } : json(body);
}

/** JSON Schema of what goes over the socket and the long poll. */
export function framesSchema(): unknown {
  const commands = Object.entries(COMMANDS).map(([name, { request, result }]) => [
    name,
    {
      request: withProperties(request, { id: Type.Integer({ minimum: 0 }), type: Type.Literal(name) }),
      reply: Type.Object({ re: Type.Integer(), result }, { additionalProperties: false }),
    },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Parley frames',
    protocol: PROTOCOL_VERSION,
    commands: Object.fromEntries(commands),
    failure: withProperties(ErrorAnswer, { re: Type.Union([Type.Integer(), Type.Null()]) }),
    events: EVENTS,
    errors: ERRORS,
    closeCodes: CLOSE,
  };
}

function withProperties(schema: TSchema, more: Record<string, TSchema>): unknown {
  const {
    properties,
    required = [],
    ...rest
  } = schema as unknown as {
    properties: Record<string, TSchema>;
    required?: string[];
  };
  return { ...rest, properties: { ...more, ...properties }, required: [...Object.keys(more), ...required] };
}
