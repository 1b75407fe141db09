// `make soak`: ten minutes of load, after which nothing may have grown; the result goes into docs/performance.md.
import { parseArgs } from 'node:util';
import { withCleanup } from '@container-counter/testing/cleanup';
import { containerCounter } from './contestants/container-counter.ts';
import { writeDocument } from './document.ts';
import { environment } from './environment.ts';
import { saveResult } from './results.ts';
import { isSteady, soak } from './soak-samples.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } });
const command = ['node bench/soak.ts', ...process.argv.slice(2)].join(' ');

await withCleanup(async (t) => {
  const result = await soak(t, containerCounter, Number(values.minutes), (sample) => {
    process.stderr.write(`${JSON.stringify(sample)}\n`);
  });
  saveResult('soak', { environment: environment(), command, ...result });
  writeDocument();
  const grown = (['proxyMemory', 'replicasMemory', 'proxyFiles'] as const).filter(
    (name) => !isSteady(result, (sample) => sample[name]),
  );
  if (grown.length > 0) throw new Error(`${grown.join(' and ')} went on growing to the end.`);
});
