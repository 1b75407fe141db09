// Every command of the README and of the guides in docs/ runs, in its order, and prints what the document shows.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { freePorts } from '@container-counter/network/free-ports';
import { eventually } from '@container-counter/testing/eventually';
import { type Program, start } from '@container-counter/testing/process';
import { noRedis } from '@container-counter/testing/redis';
import { suiteCleanup } from '@container-counter/testing/suite';
import { asLines, patternOf, stepsOf } from '../../services/counter-cli/src/lab/transcript.ts';
import { GUIDES } from '../support/guides.ts';
import { removeProject } from './support/cluster.ts';
import { noEngine } from './support/engine.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

// `make test` is how this test itself is run.
const NOT_HERE = new Set(['make test']);
const IN_FOREGROUND = new Set(['make up', 'make links', 'make local']);

const commandsOf = (document: string) => () => {
  const t = suiteCleanup();
  const programs: Program[] = [];
  let port: number;
  let env: Record<string, string>;

  const nothingLeft = async () => {
    await removeProject('networks', PROJECT);
    await removeProject('links', `${PROJECT}-links`);
  };
  before(async () => {
    await nothingLeft();
    const [web, , , proxy = 0, redis] = await freePorts(5); // the replicas count on from the first
    port = proxy;
    env = {
      ...(process.env as Record<string, string>),
      PATH: `${ROOT}node_modules/.bin:${process.env['PATH']}`,
      COMPOSE_PROJECT_NAME: PROJECT,
      PROXY_PORT: `${port}`,
      WEB_PORT: `${web}`,
      LOCAL_REDIS_PORT: `${redis}`,
      LOCAL_DATA: await mkdtemp(join(tmpdir(), 'counter-readme-')),
    };
  });
  after(async () => {
    await rm(env['LOCAL_DATA'] ?? '', { recursive: true, force: true });
    await nothingLeft();
  });

  // A document shows the names and the port of a cluster that runs alone.
  const here = (text: string) =>
    text.replaceAll('localhost:8080', `localhost:${port}`).replaceAll('container-counter-web', `${PROJECT}-web`);

  const interrupt = async () => {
    const program = programs.pop();
    if (program === undefined) return;
    const code = await program.stop('SIGINT');
    const said = program.lines.slice(-30).join('\n');
    assert.ok(code === 0 || code === 130 || code === 'SIGINT', `ended with ${code}:\n${said}`);
    const gone = () => assert.rejects(fetch(`http://127.0.0.1:${port}/-/healthz`), `its cluster still runs:\n${said}`);
    await eventually(gone, { timeout: 60_000 });
  };

  for (const { line, command, output } of stepsOf(readFileSync(`${ROOT}${document}`, 'utf8'))) {
    if (NOT_HERE.has(command)) continue;
    test(`line ${line}: ${command}`, async () => {
      if (IN_FOREGROUND.has(command)) {
        await interrupt();
        // Each wiring has a volume of its own, and so must each have here.
        env['COMPOSE_PROJECT_NAME'] = command === 'make links' ? `${PROJECT}-links` : PROJECT;
        programs.push(start(t, 'make', ['-C', ROOT, ...command.split(' ').slice(1)], env, { group: true }));
        const ready = async () => assert.equal((await fetch(`http://127.0.0.1:${port}/-/readyz`)).status, 200);
        await eventually(ready, { timeout: 120_000 });
        return;
      }
      const { stdout } = await bash(here(command), env);
      assert.match(asLines(stdout), patternOf(here(output)));
      // What ran in the foreground tidies up when its containers are gone, and must not meet those of the next command.
      if (command === 'make down') await ended(programs.pop());
    });
  }

  test('Ctrl-C ends what runs in the foreground', interrupt);
};

const PROJECT = 'container-counter-test-readme';

const ended = async (program: Program | undefined): Promise<void> => {
  const child = program?.child;
  if (child && child.exitCode === null && child.signalCode === null) await once(child, 'close');
};

const bash = (command: string, env: Record<string, string>): Promise<{ stdout: string }> =>
  new Promise((resolve, reject) => {
    execFile('bash', ['-c', command], { cwd: ROOT, env }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${command}\n${stdout}${stderr}`, { cause: error }));
      else resolve({ stdout });
    });
  });

// Each of them starts a cluster of its own.
for (const document of GUIDES) describe(document, { skip: noEngine() || noRedis() }, commandsOf(document));
