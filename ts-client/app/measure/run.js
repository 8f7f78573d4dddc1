// What Node cannot read by itself before version 22: TypeScript.
import { fileURLToPath } from 'node:url';

import { runnerImport } from 'vite';

const { module } = await runnerImport(fileURLToPath(new URL('frames.ts', import.meta.url)), { configFile: false });
await module.main();
