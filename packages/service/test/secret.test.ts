// The password of Redis from a file: whole, hidden, and a sentence that names the file when it cannot be used.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { ConfigError } from '@container-counter/service/environment';
import { withPassword } from '@container-counter/service/secret';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';

const URL_OF_DB = new URL('redis://db:6379/1');

const fileWith = async (t: TestContext, content: string): Promise<string> => {
  const file = join(await temporaryFolder(t, 'secret'), 'redis-password');
  await writeFile(file, content);
  return file;
};

test('without a file the URL is as it was', () => {
  assert.equal(withPassword(URL_OF_DB, undefined), URL_OF_DB);
});

for (const [name, content, password] of [
  ['a word', 'secret', 'secret'],
  ['the newline that an editor leaves at its end', 'secret\n', 'secret'],
  ['that of Windows', 'secret\r\n', 'secret'],
  ['every character that has a meaning in a URL', 'p@ss/w:rd%20 ?#ü', 'p@ss/w:rd%20 ?#ü'],
] as const) {
  test(`a file with ${name}`, async (t) => {
    const url = withPassword(URL_OF_DB, await fileWith(t, content));
    assert.equal(decodeURIComponent(url.password), password);
    assert.equal(url.host + url.pathname, 'db:6379/1');
    assert.equal(URL_OF_DB.password, '', 'the URL that was given is left alone');
  });
}

const refused = (url: URL, file: string, sentence: string) =>
  assert.throws(
    () => withPassword(url, file),
    (error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.message, `REDIS_PASSWORD_FILE=${JSON.stringify(file)} cannot be used: ${sentence}`);
      return true;
    },
  );

test('a file that is not there', () => {
  refused(URL_OF_DB, '/nowhere/password', 'there is no such file. Check that the secret is mounted there.');
});

test('a folder', async (t) => {
  refused(URL_OF_DB, await temporaryFolder(t, 'secret'), 'it is a directory. Name the file in it.');
});

test('an empty file', async (t) => {
  refused(URL_OF_DB, await fileWith(t, '\n'), 'the file is empty. Write the password of Redis to it.');
});

test('a second password', async (t) => {
  const sentence = 'REDIS_URL has a password already. Leave one of them out.';
  refused(new URL('redis://:other@db:6379'), await fileWith(t, 'secret'), sentence);
});
