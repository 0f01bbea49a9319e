/**
 * Everything that the console adds to a list of requests, walked with the keyboard alone, at each
 * width, in both languages. At each stop: axe finds nothing, nothing is wider than the page, and
 * in Chinese no sentence of the simulator is left in English.
 */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { believedUnsigned, sampleResult } from '../conformance/certify/sample-result.ts';
import { merchantAt } from '../merchant.ts';
import { demoMerchant, startServer } from '../start-server.ts';
import { allWidths, chromiumPath, launch, listViolations, openPage } from './browser.ts';
import { mistakes, sendMistake } from './mistakes.ts';

const { clientId } = demoMerchant();
const scenario = 'order-stuck-in-status';

describe.skipIf(chromiumPath === undefined)('every addition', () => {
  let server: MockServer;
  let browser: Browser;

  const admin = async (method: string, path: string, body: unknown): Promise<void> => {
    const headers = { 'content-type': 'application/json' };
    const url = `${server.url}/__admin${path}`;
    const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
  };

  beforeAll(async () => {
    server = await startServer();
    browser = await launch();
    const merchant = merchantAt(server);
    const body = merchant.sample('syncOrder', { requestId: 'AGAIN-1', merchantBizNo: 'WRONG-1' });
    await merchant.send('syncOrder', body);
    await merchant.send('syncOrder', { ...body, merchantBizType: 'OTHER' });
    await sendMistake(server, mistakes(server).badField());
    await sendMistake(server, mistakes(server).newlineSigned());
    const oneShot = { when: { operation: 'syncOrder' }, then: { fault: 'cut-body' } };
    await admin('POST', `/clients/${clientId}/one-shots`, oneShot);
    await merchant.call('syncOrder', { merchantBizNo: 'CUT-1' }).catch(() => undefined);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });

  /** Presses a key on an element, as someone who got there with Tab. */
  const press = async (page: Page, selector: string, key = 'Enter'): Promise<void> => {
    await page.locator(selector).first().focus();
    await page.keyboard.press(key);
  };

  // What the report of this test says is its own.
  const untranslated = `[...document.querySelectorAll('main [lang="en"]')]
    .filter((one) => one.closest('.report-case') === null)
    .map((one) => one.textContent)`;

  /** Each stop: what is pressed, and what is seen then. */
  const stops: readonly {
    readonly name: string;
    readonly place?: string;
    walk(page: Page): Promise<void>;
  }[] = [
    {
      name: 'search',
      place: '',
      walk: async (page) => {
        await page.locator('.list-row').first().waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('code:INVALID_SIGNATURE');
        await page.keyboard.press('Enter');
        await expect.poll(() => page.locator('.list-row').count()).toBe(1);
      },
    },
    {
      name: 'saved views',
      walk: async (page) => {
        await page.keyboard.press('Escape');
        await press(page, '.saved-view:nth-child(3) a');
        await expect.poll(() => page.url()).toContain('is=retry');
      },
    },
    {
      name: 'traffic strip',
      place: '',
      walk: async (page) => {
        await press(page, '.range-keys input', 'ArrowRight');
        await expect.poll(() => page.url()).toContain('from=');
      },
    },
    {
      name: 'stories',
      place: '',
      walk: async (page) => {
        await press(page, '.list-bar .segments button:not([aria-pressed="true"])');
        await page.locator('.story').first().waitFor();
      },
    },
    {
      name: 'comparison',
      walk: async (page) => {
        await press(page, '.story-relation a.chip.unsure');
        await page.locator('.change-table tr', { hasText: 'merchantBizType' }).first().waitFor();
      },
    },
    {
      name: 'delivery',
      place: '?order=CUT-1',
      walk: async (page) => {
        await page.locator('.list-row').first().waitFor();
        await page.keyboard.press('j');
        await page.keyboard.press('Enter');
        await page.locator('.delivery-step').waitFor();
      },
    },
    {
      name: 'housekeeping',
      walk: async (page) => {
        await press(page, 'details.menu summary');
        await page.keyboard.press('Tab');
        await page.locator('.menu-item:focus').waitFor();
        await page.keyboard.press('Escape');
        await expect.poll(() => page.locator('details.menu[open]').count()).toBe(0);
      },
    },
    {
      name: 'links from an exchange',
      walk: async (page) => {
        await press(page, '.outcome a[href*="/state/"]');
        await page.locator('.record h2', { hasText: 'CUT-1' }).waitFor();
      },
    },
    {
      name: 'a scenario and its switch',
      place: `scenarios/${scenario}`,
      walk: async (page) => {
        await press(page, '.activation [role="switch"]', 'Space');
        await page.locator('.steering-chip', { hasText: scenario }).first().waitFor();
      },
    },
    {
      name: 'steering bar',
      walk: async (page) => {
        await press(page, '.steering-chip .remove');
        await page.locator('.steering').waitFor({ state: 'detached' });
      },
    },
    {
      name: 'families of scenarios',
      place: 'scenarios',
      walk: async (page) => {
        await page.locator('.family').first().waitFor();
        const isOpen = await page.locator('.family').first().getAttribute('open');
        await press(page, '.family summary');
        await expect
          .poll(() => page.locator('.family').first().getAttribute('open'))
          .not.toBe(isOpen);
      },
    },
    {
      name: 'editor',
      place: 'scenarios/~new',
      walk: async (page) => {
        await page.locator('.cm-content').focus();
        await page.keyboard.press('Control+End');
        await page.keyboard.press('Enter');
        // A digit is a shortcut elsewhere, and each letter stays however fast it comes.
        await page.keyboard.type('2desc');
        await expect.poll(() => page.locator('.cm-line').last().innerText()).toBe('2desc');
        for (let typed = 0; typed < '2desc'.length; typed++) await page.keyboard.press('Backspace');
        await page.keyboard.type('desc');
        await page.locator('.cm-tooltip-autocomplete', { hasText: 'description' }).waitFor();
        await page.keyboard.press('Escape');
        await press(page, '.scenario .bar button:last-child');
      },
    },
    {
      name: 'one-shots',
      place: 'scenarios/~one-shot',
      walk: (page) => page.locator('form select').first().focus(),
    },
    {
      name: 'send workbench',
      place: 'send/syncOrder',
      walk: async (page) => {
        await press(page, '.send-bar button[type="submit"]');
        await page.locator('.sent').waitFor();
        await page.locator('.next-statuses').first().waitFor();
      },
    },
    {
      name: 'outbound',
      place: 'integration/outbound',
      walk: (page) => page.locator('h2').first().waitFor(),
    },
    {
      name: 'lint',
      place: 'integration',
      walk: (page) => page.locator('section.why').first().waitFor(),
    },
    {
      name: 'register',
      place: 'integration/register?entry=G-04',
      walk: (page) => page.locator('.register-entry[open]', { hasText: 'G-04' }).waitFor(),
    },
    {
      name: 'coverage',
      place: 'integration/coverage',
      walk: async (page) => {
        await press(page, '.heat-map button, .heat-map a');
        await page.locator('.callout').waitFor();
      },
    },
    {
      name: 'report',
      place: 'integration/report',
      walk: async (page) => {
        await page.locator('input[type="file"]').setInputFiles({
          name: 'certify.json',
          mimeType: 'application/json',
          buffer: Buffer.from(JSON.stringify(sampleResult([believedUnsigned()]))),
        });
        await page.locator('.report-case').first().waitFor();
      },
    },
  ];

  for (const width of allWidths)
    for (const locale of ['en-GB', 'zh-HK'])
      test(`${width} px, ${locale}`, { timeout: 180_000 }, async () => {
        const { page, trouble, close } = await openPage(browser, `${server.url}/__console/`, {
          locale,
          viewport: { width, height: 860 },
          colorScheme: locale === 'en-GB' ? 'light' : 'dark',
        });
        page.setDefaultTimeout(5_000);
        const wrong: unknown[] = [];
        // What is unsaved asks before the page is left.
        page.on('dialog', (dialog) => void dialog.accept());
        for (const { name, place, walk } of stops) {
          if (place !== undefined) await page.goto(`${server.url}/__console/${place}`);
          await walk(page).catch((error) => wrong.push([name, String(error).slice(0, 300)]));
          const violations = await listViolations(page);
          const wide = await page.evaluate('document.scrollingElement.scrollWidth');
          const english = locale === 'zh-HK' ? await page.evaluate(untranslated) : [];
          wrong.push(...violations.map((line) => [name, line]));
          wrong.push(...(english as readonly string[]).map((text) => [name, 'English', text]));
          if (wide !== width) wrong.push([name, 'is as wide as', wide]);
        }
        expect(wrong).toEqual([]);
        expect(trouble).toEqual([]);
        await close();
      });
});
