/** Prints schemas as TypeScript, so that the SDK's types need no package. */
export interface Json {
  readonly [key: string]: unknown;
}

/** `named` tells which schemas have a name of their own; `used` collects the names that were printed. */
export function printType(schema: Json, named: ReadonlyMap<string, string>, used: Set<string>, isRoot = false): string {
  const name = named.get(JSON.stringify(schema));
  if (name !== undefined && !isRoot) {
    used.add(name);
    return name;
  }
  const print = (inner: unknown) => printType(inner as Json, named, used);
  if ('const' in schema) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].map(print).join(' | ');
  switch (schema['type']) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema['type'];
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `(${print(schema['items'])})[]`;
    case 'object': {
      const required = (schema['required'] ?? []) as string[];
      const properties = Object.entries((schema['properties'] ?? {}) as Json);
      const fields = properties.map(([key, inner]) => `${key}${required.includes(key) ? '' : '?'}: ${print(inner)}`);
      return fields.length === 0 ? 'Record<string, never>' : `{ ${fields.join('; ')} }`;
    }
  }
  throw new Error(`No type is known for ${JSON.stringify(schema)}`);
}

export function isSchema(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && ('type' in value || 'anyOf' in value || 'const' in value);
}
