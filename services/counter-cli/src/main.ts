#!/usr/bin/env node
// Runs one command of `counter`, and ends with its exit code.
import { run } from './run.ts';
import { stopSignal } from './stop-signal.ts';

const { argv, env, stdin, stdout, stderr } = process;

// Who reads may go first: `counter keys | head -3`, or a closed terminal while `up` still has to stop its children.
for (const stream of [stdout, stderr]) stream.on('error', () => {});

process.exitCode = await run(argv.slice(2), { env, stdin, stdout, stderr, stopSignal });
