#!/usr/bin/env node
// Runs one command of `counter`, and ends with its exit code.
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

// Compiled code from the last call halves the time until a command, or a service that it starts, does something.
enableCompileCache();
const { run } = await import('./run.ts');
const { stopSignal } = await import('./stop-signal.ts');

const { argv, stdin, stdout, stderr } = process;
const compiled = getCompileCacheDir();
const env = compiled === undefined ? process.env : { NODE_COMPILE_CACHE: dirname(compiled), ...process.env };

// Who reads may go first: `counter keys | head -3`, or a closed terminal while `up` still has to stop its children.
for (const stream of [stdout, stderr]) stream.on('error', () => {});

process.exitCode = await run(argv.slice(2), { env, stdin, stdout, stderr, stopSignal });
