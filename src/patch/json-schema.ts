// The patch schema for editors: completion and checks while a patch is written.
import { z } from 'zod';
import { patchSchema } from './schema.js';

/** The text of docs/patch.schema.json. */
export function patchJsonSchema(): string {
  const schema = z.toJSONSchema(patchSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}
