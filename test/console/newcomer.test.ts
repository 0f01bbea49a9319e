/**
 * Someone who has never seen the console finds out why a request was refused: from the list to the
 * reason and the fix, with the page alone. One server and one page for all; the mistakes come one
 * after the other, as in real life.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { startServer } from '../start-server.ts';
import { chromiumPath, launch, openPage, type Watched } from './browser.ts';
import { mistakes, sendMistake } from './mistakes.ts';

describe.skipIf(chromiumPath === undefined)('a newcomer', () => {
  let server: MockServer;
  let browser: Browser;
  let watched: Watched;
  let page: Page;

  beforeAll(async () => {
    server = await startServer();
    browser = await launch();
    watched = await openPage(browser, `${server.url}/__console/`);
    ({ page } = watched);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  /** The refused request appears at the top by itself; one click opens it. */
  const openNewest = async (id: string): Promise<void> => {
    const row = page.locator(`[data-id="${id}"]`);
    await row.waitFor();
    await row.click();
    await page.locator('.outcome', { hasText: id }).waitFor();
    await page.locator('.why-title').waitFor();
  };
  const refusingStep = (): Promise<string> =>
    page.locator('.station.refused .station-name').innerText();

  test('learns from the empty page what to run first', async () => {
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    expect(await page.locator('.first-steps pre').first().innerText()).toBe(
      `npx alipayhk-mock send order-sync --url ${server.url}`,
    );
  });

  test('signed a line feed that was not sent: sees the very byte, and the fix in PHP', async () => {
    await openNewest(await sendMistake(server, mistakes(server).newlineSigned()));
    expect(await page.locator('.why-title').innerText()).toBe(
      'You signed white space around the body that you did not send.',
    );
    expect(await refusingStep()).toBe('Verify signature');
    expect(await page.locator('.byte-side.left del').innerText()).toBe('LF\n');
    expect(await page.locator('.byte-side.right .gap').count()).toBe(1);
    await page.getByRole('tab', { name: 'PHP' }).click();
    expect(await page.locator('.fix pre').innerText()).toContain('trim(file_get_contents($file))');
  });

  test('signed the JSON in another layout: sees each blank, and the language of the fix is remembered', async () => {
    await openNewest(await sendMistake(server, mistakes(server).reformatted()));
    expect(await page.locator('.why-title').innerText()).toContain(
      'You signed the same JSON written in another way',
    );
    expect(await page.locator('.byte-side.left del').count()).toBeGreaterThan(10);
    expect(await page.getByRole('tab', { name: 'PHP' }).getAttribute('aria-selected')).toBe('true');
    expect(await page.locator('.fix pre').innerText()).toContain('CURLOPT_POSTFIELDS');
  });

  test('signed with SHA-1: is told the hash, and copies the fix', async () => {
    await openNewest(await sendMistake(server, mistakes(server).sha1()));
    expect(await page.locator('.why-title').innerText()).toBe(
      'You signed with SHA-1; SHA-256 is required.',
    );
    await page.locator('.fix .code-block button').click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('OPENSSL_ALGO_SHA256');
  });

  test('encoded the signature twice: is told what arrives', async () => {
    await openNewest(await sendMistake(server, mistakes(server).encodedTwice()));
    expect(await page.locator('.why-title').innerText()).toContain(
      'The signature was URL-encoded twice',
    );
    expect(await page.locator('.fix pre').innerText()).toContain('rawurlencode');
  });

  test('sent a field that breaks the contract: is told which, and what to do', async () => {
    await openNewest(await sendMistake(server, mistakes(server).badField()));
    expect(await refusingStep()).toBe('Check fields');
    expect(await page.locator('.faults').innerText()).toContain(
      'requestId 40 characters, at most 32',
    );
    expect(await page.locator('.why').innerText()).toContain('Correct the named fields');
  });

  test('called a path that does not exist: is told so by the first step', async () => {
    await openNewest(await sendMistake(server, mistakes(server).wrongPath()));
    expect(await refusingStep()).toBe('Receive');
    expect(await page.locator('.why').innerText()).toContain(
      'Compare your path with the contract’s',
    );
  });

  test('met no error of the page on all these ways', () => {
    expect(watched.trouble).toEqual([]);
  });
});
