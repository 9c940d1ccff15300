// Prints the patch schema for editors; `npm run generate` keeps it in docs/patch.schema.json.
import { patchJsonSchema } from './json-schema.js';

process.stdout.write(patchJsonSchema());
