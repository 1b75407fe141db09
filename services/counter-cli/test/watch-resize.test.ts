// `counter watch` in a terminal that changes its size: no line wraps, and nothing of an earlier frame stays.
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { eventually } from '@container-counter/testing/eventually';
import { noRedis, startRedis } from '@container-counter/testing/redis';
import { startService } from '@container-counter/testing/services';

const COUNTER = new URL('../src/main.ts', import.meta.url).pathname;
const ESC = '\u001b[';
const SIZES = [50, 120, 80].flatMap((columns) => [24, 10].map((rows) => ({ columns, rows })));
const noScript = () => spawnSync('script', ['--version']).status !== 0 && 'there is no program called script';

test('a terminal that changes its size', { skip: noRedis() || noScript() }, async (t) => {
  const { url: REDIS_URL } = await startRedis(t);
  const web1 = await startService(t, 'web', { REDIS_URL, INSTANCE: 'web1' });
  const proxy = await startService(t, 'proxy', { UPSTREAMS: `127.0.0.1:${web1.port},127.0.0.1:1` });
  await eventually(async () => assert.match(await (await fetch(proxy.url)).text(), /^hit/));
  const command = `stty cols 100 rows 40; tty; exec ${process.execPath} ${COUNTER} watch --url ${proxy.url}`;
  const terminal = spawn('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null'], {
    env: { ...process.env, TERM: 'xterm', NO_COLOR: '1', SHELL: '/bin/bash' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => terminal.kill());
  let screen = createScreen({ columns: 100, rows: 40 });
  let out = '';
  terminal.stdout.setEncoding('utf8').on('data', (piece: string) => {
    out += piece;
    screen.write(piece);
  });
  await eventually(() => assert.match(out, /127\.0\.0\.1:1 +unhealthy.*refused the connection/s));
  const [, tty = ''] = /^(\/dev\/\S+)/.exec(out) ?? [];
  for (const size of SIZES) {
    const { columns, rows } = size;
    const before = out.length;
    screen = screen.resized(size);
    execFileSync('stty', ['-F', tty, 'cols', `${columns}`, 'rows', `${rows}`]);
    await eventually(() => assert.ok(out.slice(before).includes(`${ESC}2J`), 'it draws anew'));
    await eventually(() => {
      const last = out.slice(out.lastIndexOf(`${ESC}H`));
      const lines = stripVTControlCharacters(last).split('\r\n');
      assert.match(lines.at(-1) ?? '', /Ctrl-C ends this\.$/);
      assert.ok(lines.length <= rows && lines.every((line) => line.length <= columns), last);
      assert.deepEqual(screen.lines(), Object.assign(Array(rows).fill(''), lines), `${columns} × ${rows}`);
    });
  }
  terminal.stdin.write('\u0003');
  assert.deepEqual(await once(terminal, 'close'), [0, null]);
});

// What steers the terminal, or one character.
const PIECES = new RegExp(`${ESC.replace('[', '\\[')}([?\\d]*[A-Za-z])|(.)`, 'gsu');

type Size = { readonly columns: number; readonly rows: number };

/** A terminal in small, which like xterm keeps the cursor on a line that it has filled until the next character. */
const createScreen = (size: Size, cells = blank(size)) => {
  let [x, y] = [0, 0];
  const clear = (from: number, row: number) => cells[row]?.fill(' ', from);
  const control = (code: string): void => {
    const column = Math.min(x, size.columns - 1);
    if (code === 'H') [x, y] = [0, 0];
    if (code === 'K' || code === 'J') clear(column, y);
    if (code === 'J') for (let row = y + 1; row < size.rows; row += 1) clear(0, row);
    if (code === '2J') for (let row = 0; row < size.rows; row += 1) clear(0, row);
  };
  const newLine = (): void => {
    if (y < size.rows - 1) y += 1;
    else cells.push(...blank({ ...size, rows: 1 }), ...cells.splice(0, 1).slice(1));
  };
  return {
    write: (text: string): void => {
      for (const [, code, character = ''] of text.matchAll(PIECES)) {
        if (code !== undefined) control(code);
        else if (character === '\r') x = 0;
        else if (character === '\n') newLine();
        else {
          if (x === size.columns) {
            x = 0;
            newLine();
          }
          (cells[y] as string[])[x] = character;
          x += 1;
        }
      }
    },
    /** One of another size, which shows what was there. */
    resized: (to: Size) =>
      createScreen(
        to,
        blank(to).map((row, i) => row.map((_, j) => cells[i]?.[j] ?? ' ')),
      ),
    lines: (): string[] => cells.map((row) => row.join('').trimEnd()),
  };
};

const blank = ({ columns, rows }: Size): string[][] => Array.from({ length: rows }, () => Array(columns).fill(' '));
