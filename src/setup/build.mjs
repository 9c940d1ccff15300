// npm run build: builds what `amp-live` needs to run.
import { requireNodeVersion } from './node-version.mjs';

requireNodeVersion();
const { runEntry, setUpToPlay } = await import('./set-up.mjs');
await runEntry(setUpToPlay);
