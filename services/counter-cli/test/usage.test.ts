// Wrong usage: one clear error that names what was wrong, nothing on standard output, and exit code 2.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cli } from './cli.ts';

const NUMBER = 'It must be a whole number from 1 to';

for (const [args, env, expected] of [
  [['hits'], {}, 'error: unknown command \'hits\'\n(Did you mean hit?)\nTry "counter --help".\n'],
  [['hit', '--fast'], {}, 'error: unknown option \'--fast\'\nTry "counter hit --help".\n'],
  [['hit', 'me'], {}, /^error: too many arguments for 'hit'.*\nTry "counter hit --help"\.\n$/],
  [
    ['hit', '-n', '0'],
    {},
    `error: option '-n, --requests <number>' argument '0' is invalid. ${NUMBER} 1000000.\nTry "counter hit --help".\n`,
  ],
  [['hit', '-n', 'ten'], {}, /argument 'ten' is invalid/],
  [['hit', '-n', '1e3'], {}, /argument '1e3' is invalid/],
  [['hit', '-n', '-5'], {}, /'-n, --requests <number>'/],
  [['hit', '-c', '1001'], {}, /argument '1001' is invalid\. It must be a whole number from 1 to 1000\.\n/],
  [
    ['hit', '--url', 'localhost'],
    {},
    /argument 'localhost' is invalid\. It must be a URL such as http:\/\/localhost:8080, without a user\.\n/,
  ],
  [['counts', '--url', 'ftp://x'], {}, /argument 'ftp:\/\/x' is invalid/],
  [
    ['counts'],
    { COUNTER_URL: 'x' },
    'COUNTER_URL="x" cannot be used: it must be a URL such as http://localhost:8080.\n',
  ],
  [['keys'], { REDIS_URL: 'db' }, 'REDIS_URL="db" cannot be used: it must be a URL such as redis://db:6379.\n'],
  [['up', 'cloud'], {}, /value 'cloud' is invalid.*Allowed choices are networks, links, local, swarm\.\n/],
  [['lab', 'walk'], {}, 'error: unknown command \'walk\'\nTry "counter lab --help".\n'],
  [['lab', 'run'], {}, 'error: missing required argument \'file\'\nTry "counter lab run --help".\n'],
  [['lab', 'check', 'x.md', '--step', '0'], {}, /argument '0' is invalid/],
  [['up', 'local', '--detach'], {}, 'Local processes stop with this command, so --detach does not apply to them.\n'],
  [['up', 'local', '--watch', '--detach'], {}, '--watch goes with networks and local, without --detach.\n'],
] as const) {
  test(`counter ${args.join(' ')} ${Object.entries(env).join()}`, async () => {
    const { code, out, err } = await cli(args, { env });
    if (typeof expected === 'string') assert.equal(err, expected);
    else assert.match(err, expected);
    assert.equal(out, '');
    assert.equal(code, 2);
  });
}

test('counter without a command shows the help, as an error', async () => {
  const { code, out, err } = await cli([]);
  assert.match(err, /^Usage: counter/);
  assert.equal(out, '');
  assert.equal(code, 2);
});
