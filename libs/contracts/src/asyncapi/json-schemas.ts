import { z } from 'zod';
import { ObjectRef, User } from '../identifiers';
import { Mention } from '../mention';

export type JsonSchema = Record<string, unknown>;

/** Schemas that the document contains once, under these names. */
const SHARED = { User, Object: ObjectRef, Mention };

export const refTo = (section: 'messages' | 'schemas', name: string) => ({ $ref: `#/components/${section}/${name}` });

/**
 * Converts to JSON Schema draft 7, of which AsyncAPI's schemas are a superset. Shared parts become references. Objects
 * stay open, because readers accept added fields.
 */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { converted } = convert({ ...SHARED, converted: schema });
  return converted as JsonSchema;
}

export const sharedSchemas = (): Record<string, JsonSchema> => convert(SHARED);

function convert(named: Record<string, z.ZodType>): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const uri = (id: string) => refTo('schemas', id).$ref;
  const { schemas } = z.toJSONSchema(registry, { io: 'input', target: 'draft-7', uri });
  return Object.fromEntries(Object.entries(schemas).map(([id, { $id: _, $schema: __, ...rest }]) => [id, rest]));
}
