// Loaded into a service by a test, with NODE_OPTIONS: at SIGUSR2 it logs what the process holds, after a garbage collection.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  collect();
  const handles = process.getActiveResourcesInfo().filter((type) => type !== 'Immediate').length;
  process.stdout.write(`${JSON.stringify({ message: 'holdings', handles, heap: process.memoryUsage().heapUsed })}\n`);
});
