#!/usr/bin/env node
// What npm runs as `counter`: tells a Node that cannot run TypeScript before it fails with an error of its own.
if (process.features.typescript) {
  await import('../src/main.ts');
} else {
  console.error(
    `Node ${process.version} cannot run the counter, which is written in TypeScript. "npm ci" installs a Node that can: run "npx counter", or put node_modules/.bin first on the PATH.`,
  );
  process.exitCode = 2;
}
