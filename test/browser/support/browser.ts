// A real browser for the tests: the Chromium of this machine, which may contact nothing but the cluster.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterwards, type Cleanup } from '@container-counter/testing/ends';
import { temporaryFolder } from '@container-counter/testing/temporary-folder';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';

/** The reason for which tests in a browser are skipped, or false where there is one. */
export const noBrowser = (): string | false => (found() === undefined ? 'no chromium is on the path' : false);

export type OpenPage = {
  readonly page: Page;
  /** What a page must not do: errors and warnings of the console, breaches of the policy, requests that leave the cluster. */
  readonly complaints: string[];
};

/** Opens `url` in a new browser, without history. */
export const openPage = async (t: Cleanup, url: string, options: BrowserContextOptions = {}): Promise<OpenPage> => {
  const profile = await temporaryFolder(t, 'browser');
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: found() ?? '',
    args: ARGS,
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  afterwards(t, () => context.close());
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(120_000); // a busy machine takes its time, and the test has a limit of its own
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    if (new URL(request.url()).host !== new URL(url).host) complaints.push(`outside: ${request.url()}`);
  });
  await page.goto(url);
  return { page, complaints };
};

// Playwright wants the path itself.
const found = (): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name)))
    .find((file) => existsSync(file));

const ARGS = [
  ...['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--host-resolver-rules=MAP counter.test 127.0.0.1', // an address that phones could have, too
];
