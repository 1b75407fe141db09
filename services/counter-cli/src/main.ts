#!/usr/bin/env node
// Runs one command of `counter`, and ends with its exit code.
import { enableCompileCache, getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';

// The compile cache halves the startup time of a command, and of the services that it starts.
enableCompileCache();
const { run } = await import('./run.ts');
const { stopSignal } = await import('./stop-signal.ts');

const { argv, stdin, stdout, stderr } = process;
const compiled = getCompileCacheDir();
const env = compiled === undefined ? process.env : { NODE_COMPILE_CACHE: dirname(compiled), ...process.env };

// The reader may exit first: `counter keys | head -3`, or a closed terminal while `up` still has to stop its children.
const isGone = ({ code }: NodeJS.ErrnoException): boolean => code === 'EPIPE' || code === 'EIO';
stderr.on('error', () => {});
stdout.on('error', (error) => {
  if (isGone(error)) return;
  process.exitCode = 1;
  stderr.write(`Standard output could not be written: ${error.message}. Free some space, or redirect it.\n`);
});

const code = await run(argv.slice(2), { env, stdin, stdout, stderr, stopSignal });
process.exitCode ||= code; // output that could not be written has failed the command already
