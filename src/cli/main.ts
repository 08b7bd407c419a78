#!/usr/bin/env node
// Every command waits for what is loaded here.
const { main } =
  process.argv[2] === 'run' ? await import('./main-of-run.ts') : await import('./main-of-all.ts');
await main();
