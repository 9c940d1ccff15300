// Prints the page of node types; `npm run generate` keeps it in docs/nodes.md.
import { typesDocument } from './types-document.js';

process.stdout.write(typesDocument());
