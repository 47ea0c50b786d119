/** What the schemas of commands are made of. */
import Type, { type TSchema } from 'typebox';
import { PAGE_MAX } from './limits.ts';

const strict = { additionalProperties: false } as const;

export const object = <P extends Record<string, TSchema>>(properties: P, description?: string) =>
  Type.Object(properties, description === undefined ? strict : { ...strict, description });
export const nullable = <S extends TSchema>(schema: S, description?: string) =>
  Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
export const limit = Type.Integer({
  minimum: 1,
  maximum: PAGE_MAX,
  description: 'The most that one answer may hold.',
});
export const next = nullable(Type.String(), 'The `after` of the next page; null at the end.');
export const after = nullable(Type.String({ maxLength: 100 }), 'The `next` of the page before; null begins.');
