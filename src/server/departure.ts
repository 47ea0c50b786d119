/** Where a value departs from its schema, for whoever sent it. */
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly TSchema[];
  readonly items?: TSchema;
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/**
 * The first part that is missing, not known or wrong, as a JSON pointer; '' is the whole. In a union it is looked for in
 * the part that the value says it is, by its `kind` or else by its fields. The value does not fit the schema.
 */
export function departureFrom(schema: TSchema, value: unknown, path = ''): string {
  const shape = schema as Shape;
  if (shape.anyOf) {
    const meant = meantOf(shape.anyOf, value);
    return meant ? departureFrom(meant, value, path) : path;
  }
  if (shape.type === 'array' && shape.items && Array.isArray(value)) {
    const at = value.findIndex((item) => !Check(shape.items!, item));
    return at < 0 ? path : departureFrom(shape.items, value[at], `${path}/${at}`);
  }
  if (shape.type !== 'object' || !isObject(value)) return path;
  const { properties = {}, required = [], additionalProperties } = shape;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}/${missing}`;
  for (const [name, field] of Object.entries(value)) {
    if (!Object.hasOwn(properties, name)) {
      if (additionalProperties === false) return `${path}/${name}`;
    } else if (!Check(properties[name]!, field)) return departureFrom(properties[name]!, field, `${path}/${name}`);
  }
  return path;
}

function meantOf(parts: readonly TSchema[], value: unknown): TSchema | undefined {
  if (!isObject(value)) return undefined;
  const objects = parts.filter((part) => (part as Shape).type === 'object');
  const [first, ...others] = objects.filter((part) => isOfKind(part as Shape, value));
  if (!first || others.length === 0) return first;
  // No kind tells them apart: the one that has a field which is there.
  return [first, ...others].find((part) => (part as Shape).required?.some((name) => Object.hasOwn(value, name)));
}

/** Whether its kind is this one, or it has none. */
function isOfKind({ properties = {} }: Shape, value: Record<string, unknown>): boolean {
  const { const: kind } = (properties['kind'] ?? {}) as Shape;
  return kind === undefined || value['kind'] === kind;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
