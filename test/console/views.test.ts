/**
 * Every view in a real browser: filters in the address, the keyboard, both languages, both colour
 * schemes, both widths.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { demoMerchant, startServer } from '../start-server.ts';
import {
  chromiumPath,
  launch,
  listViolations,
  openPage,
  widths,
  writeScenario,
} from './browser.ts';
import { mistakes, sendMistake } from './mistakes.ts';

const folder = mkdtempSync(join(tmpdir(), 'console-'));
afterAll(() => rmSync(folder, { recursive: true }));

const order = 'RIDE-1';
const orderPlace = `state/${encodeURIComponent(JSON.stringify([order]))}`;

/** A ride with everything that can happen to it: accepted, stale and refused updates. */
const ride = async (server: MockServer): Promise<void> => {
  const began = Date.now();
  const update = (orderStatus: string, after: number) =>
    merchantAt(server).call(
      'syncOrder',
      { merchantBizNo: order, orderStatus, orderCreateTime: began, orderModifyTime: began + after },
      'RIDE_HAILING',
    );
  await update('PENDING', 0);
  await update('SERVING', 3000);
  await update('TO_BOARD', 2000);
  await update('FINISHED', 5000);
  await update('SERVING', 6000);
};

describe.skipIf(chromiumPath === undefined)('the console', () => {
  let server: MockServer;
  let empty: MockServer;
  let browser: Browser;
  let refused: string;
  let rideId: string;
  const at = (place: string): string => `${server.url}/__console/${place}`;

  beforeAll(async () => {
    [server, empty] = await Promise.all([startServer(), startServer()]);
    browser = await launch();
    await ride(server);
    rideId = server.journal.entries[0]?.id ?? '';
    await merchantAt(server).call('syncPaymentInfo');
    await sendMistake(server, mistakes(server).badField());
    refused = await sendMistake(server, mistakes(server).newlineSigned());
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.close(), empty?.close()]);
  });

  const codes = (page: Page): Promise<string[]> =>
    page.locator('.list-row .badge-code').allInnerTexts();

  test('filters live in the address: set by hand they change it, opened from it they are set', async () => {
    const { page, trouble, close } = await openPage(browser, at(''));
    await page.getByRole('row').nth(1).waitFor();
    await page.getByRole('searchbox').fill('code:ORDER_STATUS_INVALID');
    await expect.poll(() => page.url()).toContain('code=ORDER_STATUS_INVALID');
    await expect.poll(() => codes(page)).toEqual(['ORDER_STATUS_INVALID']);
    await page.goto(at('?status=F&text=at+most+32'));
    await expect.poll(() => codes(page)).toEqual(['PARAM_ILLEGAL']);
    expect(await page.getByRole('searchbox').inputValue()).toBe('status:F at most 32');
    await page.getByRole('link', { name: 'Clear filters' }).click();
    await expect.poll(async () => (await codes(page)).length).toBe(8);
    expect([page.url(), trouble]).toEqual([at(''), []]);
    await close();
  });

  test('the list is walked, an exchange opened and closed again with the keyboard alone', async () => {
    const { page, close } = await openPage(browser, at(''));
    await page.locator('.list-row').first().waitFor();
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate('document.activeElement.type')).toBe('search');
    await page.locator('.list-row[tabindex="0"]').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => page.evaluate('document.activeElement.dataset.id')).toBe(refused);
    await page.keyboard.press('Enter');
    await page
      .getByRole('heading', {
        name: 'You signed white space around the body that you did not send.',
      })
      .waitFor();
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => page.locator('.why-title').innerText())
      .toBe('One field does not match the contract');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).toBe(at(''));
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('4');
    await page.getByRole('heading', { name: 'Send', level: 1 }).waitFor();
    await close();
  });

  test('a paused list stays as it is, counts what waits, and takes it in afterwards', async () => {
    const { page, close } = await openPage(browser, at('?operation=updateMembershipCard'));
    await page.getByRole('button', { name: 'Pause' }).click();
    await merchantAt(server).call('updateMembershipCard');
    await page.getByRole('button', { name: 'Resume 1 new' }).click();
    await expect.poll(() => codes(page)).toEqual(['SUCCESS']);
    await close();
  });

  test('language and colours follow the browser, can be chosen, and are remembered', async () => {
    const { page, trouble, close } = await openPage(browser, at(`exchanges/${refused}`), {
      locale: 'zh-HK',
      colorScheme: 'dark',
    });
    await page
      .getByRole('heading', { name: '你簽名的正文前後有空白字元，但沒有發送出去。' })
      .waitFor();
    const ground = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect([await page.evaluate('document.documentElement.lang'), await ground()]).toEqual([
      'zh-Hant-HK',
      'rgb(16, 19, 24)',
    ]);
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Light' }).click();
    await page.reload();
    await page
      .getByRole('heading', {
        name: 'You signed white space around the body that you did not send.',
      })
      .waitFor();
    expect([await page.evaluate('document.documentElement.lang'), await ground(), trouble]).toEqual(
      ['en', 'rgb(246, 247, 249)', []],
    );
    await close();
  });

  test('what a request holds is shown as text, whatever it is', async () => {
    const markup = '<img src=x onerror=alert(1)>';
    const hostile = await startServer();
    await merchantAt(hostile).call('syncOrder', { merchantBizNo: markup });
    const { page, trouble, close } = await openPage(browser, `${hostile.url}/__console/`);
    await page.locator('.list-row', { hasText: markup }).click();
    await page.locator('.outcome', { hasText: markup }).waitFor();
    await page.getByRole('link', { name: 'State' }).click();
    await page.getByRole('link', { name: markup }).click();
    await page.getByRole('heading', { name: markup }).waitFor();
    expect([await page.locator('img').count(), trouble]).toEqual([0, []]);
    await hostile.close(0);
    await close();
  });

  test('an order shows where it stands, and which updates came too late or were refused', async () => {
    const { page, close } = await openPage(browser, at(orderPlace));
    await page.locator('.node.held').waitFor();
    expect(await page.locator('.node.held text').innerHTML()).toBe('FINISHED');
    expect(await page.locator('.event.stale').innerText()).toContain('TO_BOARD');
    expect(await page.locator('.event.refused').innerText()).toContain(
      'the order cannot go from FINISHED to SERVING',
    );
    expect([
      await page.locator('.edge.accepted').count(),
      await page.locator('.edge.refused').count(),
      await page.locator('.edge.stale').count(),
    ]).toEqual([2, 1, 1]);
    await close();
  });

  test('the list gives the reason of each result', async () => {
    const { page, close } = await openPage(browser, at('?code=ORDER_STATUS_INVALID'));
    await expect
      .poll(() => page.locator('.list-row .cell-reason').allInnerTexts())
      .toEqual(['orderStatus: the order cannot go from FINISHED to SERVING (FINISHED is final)']);
    await close();
  });

  for (const [width, viewport] of Object.entries(widths))
    test(`an exchange links to its record and to its client, a record to its exchanges, ${width}`, async () => {
      const { page, trouble, close } = await openPage(browser, at(`exchanges/${rideId}`), {
        viewport,
      });
      await page.locator('.outcome').getByRole('link', { name: order }).click();
      await page.locator('.record').getByRole('heading', { name: order }).waitFor();
      await page.getByRole('link', { name: 'Show in the list of exchanges' }).click();
      await expect
        .poll(() => codes(page))
        .toEqual(['ORDER_STATUS_INVALID', ...Array<string>(4).fill('SUCCESS')]);
      await page.locator('.list-row').last().click();
      const { clientId } = demoMerchant();
      await page.locator('.outcome').getByRole('link', { name: clientId }).click();
      await expect.poll(() => page.url()).toBe(at(`?client=${clientId}`));
      // A refused request that reached no decision is about no record.
      await page.goto(at(`exchanges/${refused}`));
      await page.locator('.outcome').waitFor();
      expect(await page.locator('.outcome a').count()).toBe(1);
      expect(trouble).toEqual([]);
      await close();
    });

  test('a first success without writing code: signed, sent, verified, and opened in the list', async () => {
    const { page, trouble, close } = await openPage(
      browser,
      `${empty.url}/__console/send/syncOrder`,
    );
    await page.getByLabel('merchantBizNo').fill('FIRST-1');
    await page.getByLabel('Encrypt the body').check();
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('Verified: the response is signed by the platform.').waitFor();
    await page.getByRole('link', { name: 'Open the exchange' }).click();
    await page.locator('.outcome', { hasText: 'FIRST-1' }).waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  test('an exchange is sent again, copied as a test that passes as it is, and saved as a scenario that checks', async () => {
    const { page, close } = await openPage(browser, at(`exchanges/${refused}`));
    await page.getByRole('button', { name: 'Copy as curl' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toMatch(/^curl /);
    await page.getByRole('button', { name: 'Copy as test' }).click();
    await expect.poll(() => page.evaluate('navigator.clipboard.readText()')).toContain('node:test');
    const file = join(folder, 'copied.test.mjs');
    writeFileSync(file, String(await page.evaluate('navigator.clipboard.readText()')));
    expect((await promisify(execFile)(process.execPath, ['--test', file])).stdout).toContain(
      '# pass 1',
    );
    const [har] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download HAR' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await har.path(), 'utf8')).log.entries).toHaveLength(1);
    await page.getByRole('button', { name: 'Send again' }).click();
    await expect.poll(() => page.url()).not.toContain(refused);
    await page.getByRole('button', { name: 'Save as scenario' }).click();
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('.notice.good, .notice.bad').waitFor();
    expect(await page.locator('.scenario').innerText()).toContain('No errors found.');
    await close();
  });

  for (const width of [390, 768, 1280, 1440])
    test(`a newcomer sees why a retry was wrong, what changed, and what is scripted, ${width} px`, async () => {
      const own = await startServer();
      const merchant = merchantAt(own);
      const { clientId } = demoMerchant();
      const admin = (method: string, path: string, body: unknown): Promise<unknown> =>
        fetch(`${own.url}/__admin${path}`, {
          method,
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
      const oneShot = { when: { operation: 'syncOrder' }, then: { result: 'UNKNOWN_EXCEPTION' } };
      await admin('POST', `/clients/${clientId}/one-shots`, { ...oneShot, times: 1 });
      const body = merchant.sample('syncOrder', { requestId: 'AGAIN-1', merchantBizNo: 'WRONG-1' });
      await merchant.send('syncOrder', body);
      await merchant.send('syncOrder', { ...body, merchantBizType: 'OTHER' });
      await admin('PUT', '/scenarios', { active: ['order-stuck-in-status'] });
      await admin('POST', `/clients/${clientId}/one-shots`, { ...oneShot, times: 2 });
      const { page, trouble, close } = await openPage(
        browser,
        `${own.url}/__console/?as=stories&group=request`,
        { viewport: { width, height: 860 } },
      );
      // Why the retry was wrong.
      await page.getByText('a retry changed the message').waitFor();
      // What changed between the two, opened with the keyboard.
      await page.locator('.story-relation a', { hasText: 'changed' }).focus();
      await page.keyboard.press('Enter');
      const changed = page.locator('.change-table tr', { hasText: 'merchantBizType' });
      await changed.first().waitFor();
      expect(await changed.first().innerText()).toContain('"OTHER"');
      // What is scripted, and its end.
      const steering = page.getByRole('region', { name: 'Scripted now' });
      await steering.getByText('order-stuck-in-status').waitFor();
      await steering.getByText('syncOrder → UNKNOWN_EXCEPTION ×2').waitFor();
      await steering.getByRole('button', { name: 'Remove order-stuck-in-status' }).focus();
      await page.keyboard.press('Enter');
      await steering.getByText('order-stuck-in-status').waitFor({ state: 'detached' });
      await steering.getByRole('button', { name: /^Remove one-shot/ }).click();
      await steering.waitFor({ state: 'detached' });
      expect(trouble).toEqual([]);
      await own.close(0);
      await close();
    });

  test('a cell filters by its value, with a click and with the keyboard', async () => {
    const { page, trouble, close } = await openPage(browser, at(''));
    await page.locator('.list-row .cell-identity button', { hasText: order }).first().click();
    await expect.poll(() => page.url()).toContain(`order=${order}`);
    await page.goto(at(''));
    await page.locator('.list-row').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('code=INVALID_SIGNATURE');
    expect(trouble).toEqual([]);
    await close();
  });

  test('a request is edited and sent again, and the error is next to its field', async () => {
    const { page, trouble, close } = await openPage(browser, at(`exchanges/${rideId}`));
    await page.getByRole('link', { name: 'Edit and send' }).click();
    await page.getByLabel('merchantBizNo').waitFor();
    expect(await page.getByLabel('merchantBizNo').inputValue()).toBe(order);
    await page.getByLabel('requestId').first().fill('x'.repeat(40));
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page
      .locator('.form-field', { hasText: 'requestId' })
      .getByText('40 characters')
      .waitFor();
    await page.getByText('Last 1 sent').waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  test('a one-shot is queued for the next call, and is then gone', async () => {
    const { page, close } = await openPage(browser, `${empty.url}/__console/scenarios/~one-shot`);
    await page.getByRole('combobox', { name: 'Result' }).selectOption('PARAM_ILLEGAL');
    await page.getByRole('button', { name: 'Queue', exact: true }).click();
    await page.locator('.active-overview', { hasText: '1 queued' }).waitFor();
    expect((await merchantAt(empty).call('syncOrder', { merchantBizNo: 'SHOT-1' })).code).toBe(
      'PARAM_ILLEGAL',
    );
    expect((await merchantAt(empty).call('syncOrder', { merchantBizNo: 'SHOT-1' })).code).toBe(
      'SUCCESS',
    );
    await close();
  });

  test('of a long list only what is in sight exists, and it says what had to go', async () => {
    const small = await startServer({ 'journal.entries': 120 });
    const { page, close } = await openPage(browser, `${small.url}/__console/`);
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    for (let count = 0; count < 150; count++) await merchantAt(small).call('updateMembershipCard');
    await page.getByText('the journal keeps the last 120; 30 older ones were evicted').waitFor();
    expect(await page.locator('.list-row').count()).toBeLessThan(50);
    await page.locator('.list-row').first().focus();
    await page.keyboard.press('End');
    await expect
      .poll(() => page.locator('.list-row:focus').getAttribute('aria-rowindex'))
      .toBe('121');
    await page.keyboard.press('Enter');
    await page.locator('.outcome', { hasText: String(small.journal.entries[0]?.id) }).waitFor();
    await page.goto(`${small.url}/__console/exchanges/1`);
    await page.getByRole('heading', { name: 'The journal no longer has this exchange' }).waitFor();
    await small.close(0);
    await close();
  });

  test('a scenario is checked with the command line’s words, corrected, saved and made active for one client', async () => {
    const { page, close } = await openPage(browser, `${empty.url}/__console/scenarios/~new`);
    await writeScenario(
      page,
      'name: mine\ndescription: Mine.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: SUCESS }\n',
    );
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('.problems', { hasText: 'Did you mean "SUCCESS"?' }).waitFor();
    await writeScenario(
      page,
      'name: mine\ndescription: Mine.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: PARAM_ILLEGAL }\n',
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'mine' }).waitFor();
    const client = page.locator('.activation').getByRole('switch').nth(1);
    await client.click();
    await page.locator('.active-overview', { hasText: 'mine' }).waitFor();
    expect(empty.clients.list()[0]?.scenarios).toEqual(['mine']);
    await client.click();
    await expect.poll(() => empty.clients.list()[0]?.scenarios).toEqual([]);
    await close();
  });

  test('the clock is held and moved, a key version added and its private half shown once', async () => {
    const { page, close } = await openPage(browser, `${empty.url}/__console/keys`);
    await page.getByRole('button', { name: 'Freeze' }).click();
    await page.locator('.clock-face', { hasText: 'frozen' }).waitFor();
    const held = empty.clock.now();
    await page.getByRole('button', { name: '+1 day' }).click();
    await expect.poll(() => empty.clock.now()).toBe(held + 86_400_000);
    await page.getByRole('button', { name: 'Reset to system time' }).click();
    await page.locator('.clock-face', { hasText: 'running' }).waitFor();
    await page.getByText('Create a client with its own state').click();
    await page.getByLabel('Client-Id').fill('TEST-9');
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByText('-----BEGIN PRIVATE KEY-----').waitFor();
    await page.getByRole('button', { name: 'Add a key version' }).click();
    await page.getByRole('rowheader', { name: 'RSA256 v2' }).waitFor();
    await close();
  });

  test('a lost connection is told, and mended by itself', async () => {
    const other = await startServer();
    const { page, close } = await openPage(browser, `${other.url}/__console/`);
    await page.locator('.connection.live').waitFor();
    await other.close(0);
    await page.getByText('What you see may be old').first().waitFor();
    const again = await startServer({ port: Number(new URL(other.url).port) });
    await page.locator('.connection.live').waitFor();
    await again.close(0);
    await close();
  });

  test('with an admin token the page asks for it, and keeps it for the tab', async () => {
    const guarded = await startServer({ adminToken: 'sesame' });
    const { page, close } = await openPage(browser, `${guarded.url}/__console/`);
    await page.getByLabel('Admin token').fill('sesame');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    await guarded.close(0);
    await close();
  });

  const places = [
    '',
    'exchanges/OPEN',
    orderPlace,
    'state?collection=cards',
    'scenarios/order-stuck-in-status',
    'scenarios/~new',
    'scenarios/~one-shot',
    'send/syncOrder',
    'keys',
    '?as=stories',
    'compare/RIDE..OPEN',
    'integration',
    'integration/coverage',
    'integration/report',
    'integration/register?entry=G-04',
  ];
  for (const [width, viewport] of Object.entries(widths))
    for (const place of places)
      test(`axe finds nothing on "${place}", ${width}, in both colour schemes, and nothing is wider than the page`, async () => {
        const { page, trouble, close } = await openPage(
          browser,
          at(place.replace('OPEN', refused).replace('RIDE..', `${rideId}..`)),
          {
            viewport,
            locale: width === 'wide' ? 'en-GB' : 'zh-HK',
          },
        );
        await page.waitForLoadState('networkidle', { timeout: 1000 }).catch(() => undefined);
        await expect.poll(() => page.locator('.loading').count()).toBe(0);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await listViolations(page)).toEqual([]);
        }
        expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(viewport.width);
        expect(trouble).toEqual([]);
        await close();
      });
});
