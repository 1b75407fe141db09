// `counter why --from`: which container is meant, how the command runs in it, and what becomes of its output.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '@container-counter/network/free-ports';
import { diagnose } from '@container-counter/why/why';
import { cli } from './cli.ts';
import { fakeDocker } from './fake-docker.ts';

const PS = `
"ps --all"*) ;;
"ps "*) printf 'aaa\\tlinks-proxy-1/web1,links-web1-1\\tweb1\\t1\\nbbb\\tcc-web-2\\tweb\\t2\\nccc\\tcc-web-1\\tweb\\t1\\n'
  printf 'ddd\\tredis-server\\tredis\\t1\\neee\\tby-hand\\t\\t\\n';;`;

const FROM = {
  'links-web1-1': 'aaa',
  web1: 'aaa',
  web: 'ccc',
  web2: 'bbb',
  'web-2': 'bbb',
  'cc-web-2': 'bbb',
  redis: 'ddd',
  'by-hand': 'eee',
} as const;

const refused = async () => {
  const port = await freePort();
  return diagnose({ host: '127.0.0.1', port, redis: { tls: false, user: '', password: '', database: 0 } }, {});
};

for (const [name, id] of Object.entries(FROM)) {
  test(`--from ${name}`, async (t) => {
    const { env, calls } = await fakeDocker(t, `${PS}\n*) echo '${JSON.stringify(await refused())}'; exit 1;;`);
    const { code, out, err } = await cli(['why', 'db', '--from', name], { env });
    assert.ok((await calls()).includes(`exec ${id} counter why db --json`));
    assert.match(out, /^Redis at 127\.0\.0\.1:\d+ refused the connection/m);
    assert.match(out, /\n\nNot reachable\.\n$/);
    assert.equal(err, '');
    assert.equal(code, 1);
  });
}

for (const command of [['why', 'db'], ['inspect'], ['here']]) {
  test(`${command.join(' ')} --from web without Docker`, async () => {
    const { code, out, err } = await cli([...command, '--from', 'web'], { env: { PATH: '' } });
    assert.deepEqual([code, out, err], [1, '', '--from needs Docker, but no Docker Engine is running.\n']);
  });
}

test('on a machine that is no container, a name is looked up inside one', async (t) => {
  const { out: json } = await cli(['why', 'no-such-name', '--json'], { env: { PATH: '' } });
  if (JSON.parse(json).view.connection !== 'machine') return t.skip('this is a container');
  const { code, out } = await cli(['why', 'no-such-name'], { env: { PATH: '' } });
  assert.match(
    out,
    /^ {2}counter why --from CONTAINER no-such-name\n {6}runs it inside a container: container names resolve only there$/m,
  );
  assert.doesNotMatch(out, /docker network connect/);
  assert.equal(code, 1);
});

test('a container whose counter is another program is joined by one of ours', async (t) => {
  const json = JSON.stringify(await refused());
  const branches = `"exec eee counter"*) echo 1;;\n"inspect "*) echo '[]';;\n"run "*) echo '${json}'; exit 1;;`;
  const { env, calls } = await fakeDocker(t, `${PS}\n${branches}`);
  const { code, out, err } = await cli(['why', 'db', '--from', 'by-hand'], { env });
  assert.deepEqual([code, err], [1, '']);
  assert.match(out, /^Redis at 127\.0\.0\.1:\d+ refused the connection/m);
  assert.ok((await calls()).some((call) => call.startsWith('run --rm --network container:eee ')));
});

test('what a container says of itself cannot control the terminal', async (t) => {
  const seen = await refused();
  const json = JSON.stringify({ ...seen, view: { ...seen.view, hostname: '\x1b]0;owned\x07' } });
  const { env } = await fakeDocker(
    t,
    `${PS}\n"exec aaa "*) cat <<'END'\n${json}\nEND\nexit 1;;\n"exec bbb "*) printf 'bad \\033[2J usage\\n' >&2; exit 2;;`,
  );
  const { out } = await cli(['why', 'db', '--from', 'web1'], { env });
  assert.ok(out.includes('\\x1b]0;owned\\x07') && !out.includes('\x1b'), out);
  const { code, err } = await cli(['why', 'db', '--from', 'web2'], { env });
  assert.deepEqual([code, err], [2, 'bad \\x1b[2J usage\n']);
});

test('--from a container that does not run', async (t) => {
  const { env } = await fakeDocker(t, PS);
  assert.deepEqual(await cli(['why', 'db', '--from', 'web3'], { env }), {
    code: 1,
    out: '',
    err: 'No running container is named "web3". Running: by-hand, cc-web-1, cc-web-2, links-web1-1, redis-server.\n',
  });
});

test('a container without the command is joined by one of ours, with what its links set', async (t) => {
  const json = JSON.stringify(await refused());
  const { env, calls } = await fakeDocker(
    t,
    `${PS}
"exec ddd counter"*) exit 127;;
"inspect"*) echo '["GIVEN=1"]';;
"exec ddd env") printf 'GIVEN=1\\nPATH=/bin\\nA_NAME=/ddd/a\\nA_ENV_SECRET=hush\\n';;
"run"*) echo '${json}'; exit 1;;`,
  );
  assert.equal((await cli(['why', 'db', '--from', 'redis', '--json'], { env })).code, 1);
  const joined = 'run --rm --network container:ddd --env A_NAME=/ddd/a --env A_ENV_SECRET=';
  assert.ok((await calls()).includes(`${joined} container-counter/web:latest counter why db --json`));
});

for (const args of [['why'], ['why', 'a', 'b'], ['why', 'http://web'], ['inspect', 'db']]) {
  test(`wrong usage: ${args.join(' ')}`, async () => assert.equal((await cli(args)).code, 2));
}
