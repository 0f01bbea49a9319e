/**
 * What a team does with what the simulator holds: clears, exports, hands on, and finds its way from
 * a report or a call to the exchange. In a real browser.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { believedUnsigned, sampleResult } from '../conformance/certify/sample-result.ts';
import { merchantAt } from '../merchant.ts';
import { demoMerchant, startServer } from '../start-server.ts';
import { chromiumPath, launch, listViolations, openPage } from './browser.ts';

const markup = '<img src=x onerror=alert(1)>';

describe.skipIf(chromiumPath === undefined)('housekeeping', () => {
  let receiver: Server;
  let server: MockServer;
  let browser: Browser;
  const at = (place: string): string => `${server.url}/__console/${place}`;
  const { clientId } = demoMerchant();

  beforeAll(async () => {
    receiver = createServer((_request, response) => response.end('{}'));
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const { port } = receiver.address() as AddressInfo;
    server = await startServer({
      'outbound.targets': { '*': { 'bill-notify': `http://127.0.0.1:${port}/notify` } },
    });
    browser = await launch();
    await merchantAt(server).call('syncOrder', { merchantBizNo: 'KEPT-1' });
    await merchantAt(server).call('syncOrder', { merchantBizNo: markup });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
    receiver?.close();
  });

  /** The menu of what is shown; it stays open after a choice. */
  const openMenu = async (page: Page): Promise<void> => {
    const menu = page.locator('details.menu').last();
    if ((await menu.getAttribute('open')) === null) await menu.locator('summary').click();
  };

  /** Chooses an item of the menu, and reads the file that it saves. */
  const download = async (page: Page, item: string): Promise<string> => {
    await openMenu(page);
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: item }).click(),
    ]);
    return readFileSync(await saved.path(), 'utf8');
  };

  test('HAR and capsule have what is filtered, and the link opens the same list', async () => {
    const { page, trouble, close } = await openPage(browser, at('?order=KEPT-1'));
    await expect.poll(() => page.locator('.list-row').count()).toBe(1);
    const har = JSON.parse(await download(page, 'Download what is shown as HAR'));
    expect(har.log.entries).toHaveLength(1);
    const capsule = await download(page, 'Download what is shown as a capsule');
    expect(JSON.parse(capsule).exchanges).toHaveLength(1);
    await openMenu(page);
    await page.getByRole('button', { name: 'Copy a link to this list' }).click();
    await expect
      .poll(() => page.evaluate('navigator.clipboard.readText()'))
      .toBe(at('?order=KEPT-1'));
    expect(trouble).toEqual([]);
    await close();
  });

  test('an exchange becomes one page that runs nothing, loads nothing, and shows all as text', async () => {
    const { page, trouble, close } = await openPage(browser, at(''));
    await page.locator('.list-row', { hasText: markup }).click();
    await page.locator('.outcome', { hasText: markup }).waitFor();
    const html = await download(page, 'Download as one HTML page');
    expect(html).toContain('Content-Security-Policy');
    expect(html).toContain('&lt;img src=x');
    expect(html).not.toMatch(/<(script|img|link|iframe|button|a)[\s>]/);
    const ticket = await browser.newPage();
    const asked: string[] = [];
    ticket.on('request', (request) => asked.push(request.url()));
    await ticket.setContent(html);
    expect(await ticket.locator('h1').innerText()).toBe('syncOrder');
    expect(await ticket.getByText('What a correct client does').count()).toBe(1);
    expect([asked, await ticket.locator('img').count(), trouble]).toEqual([[], 0, []]);
    await ticket.close();
    await close();
  });

  test('a call to the merchant is sent now, is an exchange of that direction, and is cancelled', async () => {
    const { page, trouble, close } = await openPage(browser, at('integration/outbound'));
    await page.getByRole('heading', { name: 'No call was planned' }).waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const line = page.locator('.outbound-list > li');
    await line.getByText('pending').waitFor();
    await line.getByRole('button', { name: /^Send now: bill-notify/ }).click();
    await expect.poll(() => line.locator('.outbound-attempts li').count()).toBe(2);
    expect(await listViolations(page)).toEqual([]);
    await line.getByRole('button', { name: /^Cancel: bill-notify/ }).focus();
    await page.keyboard.press('Enter');
    await line.getByText('cancelled').waitFor();
    await line.locator('.outbound-attempts a').first().click();
    await page.locator('.outcome', { hasText: 'bill-notify' }).getByText('to you').waitFor();
    await page.getByRole('heading', { name: 'Steps of the call' }).waitFor();
    await page.goto(at('?is=outbound&as=stories'));
    await page.locator('.story', { hasText: 'bill-notify' }).getByText('same bytes').waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  test('a report of certify is opened, and its cases and exchanges link to each other', async () => {
    const known = server.journal.entries[0]?.id ?? '';
    const sample = sampleResult([believedUnsigned()]);
    const [first, ...others] = sample.cases;
    const exchange = { ref: known, arrivalMs: 0 };
    const check = { id: 'check', verdict: 'fail', sentence: 'It failed.' };
    const checks = [{ ...check, exchanges: [exchange, { ref: 'elsewhere-1', arrivalMs: 5 }] }];
    const wire = [
      {
        ref: 'elsewhere-1',
        arrivalMs: 5,
        method: 'POST',
        target: '/x',
        httpStatus: 200,
        reason: 'r',
      },
    ];
    const report = { ...sample, cases: [{ ...first, checks, wire }, ...others] };
    const { page, trouble, close } = await openPage(browser, at('integration/report'));
    await page.getByLabel('Open a report (certify.json)').setInputFiles({
      name: 'certify.json',
      mimeType: 'application/json',
      buffer: Buffer.from(JSON.stringify(report)),
    });
    const box = page.locator('.report-case').first();
    if ((await box.getAttribute('open')) === null) await box.locator('summary').first().click();
    // An exchange of another run is shown where the report has it.
    await box.getByRole('button', { name: 'ewhere-1' }).click();
    await expect
      .poll(() => page.evaluate('document.activeElement.dataset.ref'))
      .toBe('elsewhere-1');
    await box.getByRole('link', { name: known.slice(-8) }).click();
    await page.locator('.outcome', { hasText: known }).waitFor();
    await page
      .locator('.outcome')
      .getByRole('link', { name: first?.id ?? '' })
      .click();
    await page.locator('.report-case[open]').first().waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  test('state is exported, the client reset, the state imported, and the journal cleared', async () => {
    const { page, trouble, close } = await openPage(browser, at('state'));
    await page.getByRole('link', { name: 'KEPT-1' }).waitFor();
    const state = await download(page, 'Export the state of this client');
    expect(state).toContain('KEPT-1');
    await openMenu(page);
    await page.getByRole('button', { name: /^Reset/ }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Reset/ })
      .click();
    await page.getByRole('link', { name: 'KEPT-1' }).waitFor({ state: 'detached' });
    await page.locator('input[type="file"]').setInputFiles({
      name: 'state.json',
      mimeType: 'application/json',
      buffer: Buffer.from(state),
    });
    await page.getByRole('link', { name: 'KEPT-1' }).waitFor();
    // The reset has taken the client's exchanges with it.
    await merchantAt(server).call('syncPaymentInfo');
    await page.goto(at(''));
    await page.locator('.list-row').first().waitFor();
    await openMenu(page);
    await page.getByRole('button', { name: 'Clear the journal' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Clear the journal' }).click();
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    expect(trouble).toEqual([]);
    await close();
  });

  for (const [locale, width] of [
    ['en-GB', 1280],
    ['zh-HK', 390],
  ] as const)
    test(`in at most three clicks: why a retry was wrong, what changed, what is scripted, ${locale}, ${width} px`, async () => {
      const own = await startServer();
      const merchant = merchantAt(own);
      const body = merchant.sample('syncOrder', { requestId: 'AGAIN-1', merchantBizNo: 'WRONG-1' });
      await merchant.send('syncOrder', body);
      await merchant.send('syncOrder', { ...body, orderStatus: 'USED' });
      await fetch(`${own.url}/__admin/clients/${clientId}/scenarios`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ active: ['order-stuck-in-status'] }),
      });
      const { page, trouble, close } = await openPage(browser, `${own.url}/__console/`, {
        locale,
        viewport: { width, height: 860 },
      });
      // What is scripted: no click. Its rules: one.
      await page.locator('.steering', { hasText: 'order-stuck-in-status' }).waitFor();
      // Why the retry was wrong: one click. What changed is there too.
      await page.locator('.list-row').first().click();
      await page
        .getByRole('heading', { name: /already used with another body|已用於另一個正文/ })
        .waitFor();
      const changed = page.locator('.change-table tr', { hasText: 'orderStatus' });
      expect(await changed.first().innerText()).toContain('"USED"');
      // The same for two exchanges side by side: two clicks from the stories.
      await page.goto(`${own.url}/__console/`);
      await page.getByRole('button', { name: /Stories|歷程/ }).click();
      await page.locator('.story-relation a').first().click();
      await page.locator('.change-table').first().waitFor();
      await page.locator('.steering a', { hasText: 'order-stuck-in-status' }).first().click();
      await page.getByRole('heading', { name: 'order-stuck-in-status' }).waitFor();
      expect(trouble).toEqual([]);
      await own.close(0);
      await close();
    });
});
