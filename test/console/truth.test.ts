/**
 * What the console shows is true and reachable: after a restart, at every width, with the keyboard
 * alone, with unsaved work.
 */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MockServer } from '../../server/app/create-server.ts';
import { merchantAt } from '../merchant.ts';
import { readWorld } from '../read-world.ts';
import { demoClient, startServer } from '../start-server.ts';
import {
  allWidths,
  chromiumPath,
  launch,
  openPage,
  type Watched,
  writeScenario,
} from './browser.ts';
import { mistakes, sendMistake } from './mistakes.ts';

const height = 860;

describe.skipIf(chromiumPath === undefined)('the console', () => {
  let server: MockServer;
  let browser: Browser;
  let opened: Watched[] = [];
  const trouble: string[] = [];
  const open = async (url: string, width = 1280): Promise<Page> => {
    const watched = await openPage(browser, url, { viewport: { width, height } });
    opened.push(watched);
    return watched.page;
  };
  const at = (place: string): string => `${server.url}/__console/${place}`;
  const order = (id: string) => merchantAt(server).call('syncOrder', { merchantBizNo: id });

  beforeAll(async () => {
    server = await startServer();
    browser = await launch();
    for (let n = 1; n <= 60; n++) await order(`ROW-${n}`);
  });
  afterEach(async () => {
    trouble.push(...opened.flatMap((watched) => watched.trouble));
    await Promise.all(opened.map(({ close }) => close()));
    opened = [];
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });

  const ids = (page: Page): Promise<(string | undefined)[]> =>
    page
      .locator('.list-row')
      .evaluateAll((rows) =>
        rows.map((row) => (row as unknown as { dataset: { id?: string } }).dataset.id),
      );
  const focusedId = (page: Page): Promise<unknown> =>
    page.evaluate('document.activeElement?.dataset.id');
  const scrollTopOf = (box: Locator): Promise<number> =>
    box.evaluate((element) => element.scrollTop);
  const isInSight = async (page: Page, target: Locator): Promise<boolean> => {
    const box = await target.boundingBox();
    const { height: windowHeight = 0 } = page.viewportSize() ?? {};
    return box !== null && box.y >= 0 && box.y < windowHeight - 40;
  };
  const restartOf = async (old: MockServer): Promise<MockServer> => {
    await old.close(0);
    const again = await startServer({ port: Number(new URL(old.url).port) });
    // The test's own connections to the old one are used up first: a call on one of them would
    // fail.
    const isReached = (): Promise<boolean> =>
      fetch(`${again.url}/__admin/clock`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReached()));
    return again;
  };

  describe('after a restart of the simulator', () => {
    test('the list is that of the new run, and says so', async () => {
      const old = await startServer();
      for (const n of [1, 2, 3])
        await merchantAt(old).call('syncOrder', { merchantBizNo: `OLD-${n}` });
      const page = await open(`${old.url}/__console/?operation=syncOrder`);
      await page.getByText('OLD-3').waitFor();
      const again = await restartOf(old);
      const first = await merchantAt(again).call('syncOrder', { merchantBizNo: 'NEW-1' });
      await expect.poll(() => ids(page), { timeout: 15_000 }).toEqual([first.entry?.id]);
      await page.getByText('The simulator was restarted.').waitFor();
      const second = await merchantAt(again).call('syncOrder', { merchantBizNo: 'NEW-2' });
      await expect.poll(() => ids(page)).toEqual([second.entry?.id, first.entry?.id]);
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByText('The simulator was restarted.').waitFor({ state: 'detached' });
      await again.close(0);
    });

    test('the state is that of the new run, too', async () => {
      const old = await startServer();
      await merchantAt(old).call('syncOrder', { merchantBizNo: 'OLD-1' });
      const page = await open(`${old.url}/__console/state`);
      await page.getByRole('link', { name: 'OLD-1' }).waitFor();
      const again = await restartOf(old);
      await page.getByRole('heading', { name: 'No orders yet' }).waitFor({ timeout: 15_000 });
      await again.close(0);
    });

    test('an error of the time between goes away by itself, and was told in the page’s language', async () => {
      const old = await startServer();
      const page = await open(`${old.url}/__console/keys`);
      await page.getByRole('button', { name: 'Freeze' }).waitFor();
      await old.close(0);
      await page.getByRole('button', { name: 'Freeze' }).click();
      // The page may have noticed by itself as well, and say the same with a button.
      const sentence = /^The simulator does not answer\. Is it still running\?$/;
      await page.getByRole('alert').filter({ hasText: sentence }).waitFor();
      await page.getByRole('link', { name: 'State', exact: true }).click();
      await page.getByRole('alert').first().waitFor();
      const again = await startServer({ port: Number(new URL(old.url).port) });
      await page.getByRole('heading', { name: 'No orders yet' }).waitFor({ timeout: 15_000 });
      expect(await page.getByRole('alert').count()).toBe(0);
      await again.close(0);
    });
  });

  describe('what is opened is in sight', () => {
    for (const width of allWidths) {
      test(`of a scrolled list of scenarios, ${width} px`, async () => {
        const page = await open(at('scenarios'), width);
        await unfoldAll(page);
        const link = page.locator('.catalogue a').last();
        await link.scrollIntoViewIfNeeded();
        await link.click();
        await expect.poll(() => isInSight(page, page.locator('#scenario-title'))).toBe(true);
        if (width < 960) return;
        const before = await scrollTopOf(page.locator('.split-list'));
        expect(before).toBeGreaterThan(0);
        await page.locator('.scenario').hover();
        await page.mouse.wheel(0, 300);
        expect(await scrollTopOf(page.locator('.split-list'))).toBe(before);
      });

      test(`of a scrolled list of records, ${width} px`, async () => {
        const page = await open(at('state'), width);
        const link = page.getByRole('link', { name: 'ROW-5', exact: true });
        await link.scrollIntoViewIfNeeded();
        await link.click();
        await expect
          .poll(() => isInSight(page, page.getByRole('heading', { name: 'ROW-5' })))
          .toBe(true);
      });

      test(`and an exchange fills the room that is there, ${width} px`, async () => {
        const page = await open(at(''), width);
        await page.locator('.list-row').nth(3).click();
        const pane = page.locator('.exchange');
        await page.locator('.outcome').waitFor();
        const box = await pane.boundingBox();
        const side = page.locator('.list-side');
        const list = (await side.count()) === 0 ? null : await side.boundingBox();
        expect(Math.round((box?.width ?? 0) + (list?.width ?? 0))).toBe(width);
        expect(list === null).toBe(width < 1000);
      });
    }

    test('after a scenario is saved', async () => {
      const page = await open(at('scenarios/~new'));
      await unfoldAll(page);
      await page.locator('.split-list').evaluate((list) => list.scrollTo(0, 5000));
      await writeScenario(
        page,
        'name: in-sight\ndescription: X.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: PARAM_ILLEGAL }\n',
      );
      await page.getByRole('button', { name: 'Save' }).click();
      await expect
        .poll(() => isInSight(page, page.getByRole('heading', { name: 'in-sight' })))
        .toBe(true);
    });

    test('at twice the size: an exchange has the whole width', async () => {
      const page = await open(at(''), 640);
      await page.locator('.list-row').first().click();
      await page.locator('.outcome').waitFor();
      expect((await page.locator('.exchange').boundingBox())?.width).toBe(640);
    });
  });

  describe('with the keyboard alone', () => {
    test('the first Tab and Enter lead to the content', async () => {
      for (const place of ['', 'state', 'scenarios', 'send', 'keys']) {
        const page = await open(at(place));
        await page.locator('main h1').first().waitFor({ state: 'attached' });
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main');
        await page.keyboard.press('Tab');
        expect(
          await page.evaluate(`document.querySelector('main').contains(document.activeElement)`),
        ).toBe(true);
      }
    });

    for (const width of allWidths)
      test(`j and k lead into the list at once, and Back returns to the row and the place, ${width} px`, async () => {
        const page = await open(at(''), width);
        await page.locator('.list-row').first().waitFor();
        const all = server.journal.entries.toReversed().map(({ id }) => id);
        await page.keyboard.press('j');
        await expect.poll(() => focusedId(page)).toBe(all[0]);
        for (let n = 0; n < 30; n++) await page.keyboard.press('j');
        await page.keyboard.press('k');
        await expect.poll(() => focusedId(page)).toBe(all[29]);
        const before = await scrollTopOf(page.locator('.list-box'));
        expect(before).toBeGreaterThan(0);
        for (const back of ['link', 'Escape', 'history'] as const) {
          await page.keyboard.press('Enter');
          await page.locator('.outcome', { hasText: String(all[29]) }).waitFor();
          if (back === 'link') {
            await page.locator('.exchange .back').focus();
            await page.keyboard.press('Enter');
          } else if (back === 'Escape') await page.keyboard.press('Escape');
          else await page.goBack();
          await expect.poll(() => focusedId(page)).toBe(all[29]);
          expect(await scrollTopOf(page.locator('.list-box'))).toBe(before);
        }
      });

    for (const width of [390, 1280])
      test(`a record and a scenario are opened and closed, and the focus is back on the link, ${width} px`, async () => {
        for (const [place, link] of [
          ['state', 'ROW-59'],
          ['scenarios', 'order-stuck-in-status'],
        ] as const) {
          const page = await open(at(place), width);
          if (place === 'scenarios') await unfoldAll(page);
          await page.locator(`a[data-open*="${link}"]`).focus();
          await page.keyboard.press('Enter');
          await page.getByRole('heading', { name: link }).waitFor();
          await page.keyboard.press('Escape');
          await page.locator('article').waitFor({ state: 'detached' });
          await expect
            .poll(() => page.evaluate('document.activeElement.dataset.open'))
            .toContain(link);
        }
      });

    test('a filter begins at the top of what it finds', async () => {
      const page = await open(at(''));
      await page.locator('.list-row').first().waitFor();
      await page.locator('.list-box').evaluate((box) => box.scrollTo(0, 900));
      await expect
        .poll(async () => (await ids(page)).includes(server.journal.entries[30]?.id))
        .toBe(true);
      await page.getByRole('searchbox').fill('status:S');
      await expect.poll(() => scrollTopOf(page.locator('.list-box'))).toBe(0);
      await expect.poll(async () => (await ids(page))[0]).toBe(newestSuccess(server));
    });
  });

  test('a search finds everything that an exchange states', async () => {
    const own = await startServer();
    const body = merchantAt(own).sample(
      'syncOrder',
      { requestId: 'REQ-4711', merchantBizNo: 'HIT-1' },
      'MOVIE_TICKET',
    );
    const accepted = (await merchantAt(own).send('syncOrder', body)).entry?.id;
    const refusedBody = JSON.stringify(
      merchantAt(own).sample('syncOrder', { merchantBizNo: 'HIT-2' }, 'MOVIE_TICKET'),
    );
    const refused = await sendMistake(own, mistakes(own).newlineSigned(refusedBody));
    const scripted = (
      await merchantAt(own).call('syncPaymentInfo', { accountId: 'MOCK_PARAM_ILLEGAL_1' })
    ).entry;
    const page = await open(`${own.url}/__console/`);
    await expect.poll(async () => (await ids(page)).length).toBe(3);
    const found = async (text: string): Promise<unknown> => {
      await page.getByRole('searchbox').fill(text);
      await page.locator('.loading').waitFor({ state: 'detached' });
      return ids(page);
    };
    await expect.poll(() => found('req-4711')).toEqual([accepted]);
    await expect.poll(() => found('HIT-2')).toEqual([refused]);
    await expect.poll(() => found('INVALID_SIGNATURE')).toEqual([refused]);
    await expect.poll(() => found('INVALID_SIG')).toEqual([refused]);
    await expect.poll(() => found('BODY_NEWLINE')).toEqual([refused]);
    await expect.poll(() => found('paymentinfo')).toEqual([scripted?.id]);
    if (scripted?.scripted !== undefined)
      await expect.poll(() => found(scripted.scripted?.rule ?? '')).toEqual([scripted.id]);
    // What comes while the filter is set is found, too.
    await page.getByRole('searchbox').fill('REQ-4712');
    await page.getByRole('heading', { name: 'No exchange matches' }).waitFor();
    const later = await merchantAt(own).call('syncOrder', { requestId: 'REQ-4712' });
    await expect.poll(() => ids(page)).toEqual([later.entry?.id]);
    await own.close(0);
  });

  test('a burst of bad signatures: every row gets its finding, without a reload', async () => {
    const own = await startServer();
    const page = await open(`${own.url}/__console/`);
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    await Promise.all(Array.from({ length: 12 }, () => sendMistake(own, mistakes(own).sha1())));
    const found = page.locator('.finding-id', { hasText: 'HASH_SHA1' });
    await expect.poll(() => found.count(), { timeout: 20_000 }).toBe(12);
    expect(await page.getByText('diagnosis pending').count()).toBe(0);
    await own.close(0);
  });

  describe('what was typed is not lost', () => {
    const yaml = 'name: kept\n# not yet right\n';

    test('in the editor: after other views and a reload it is there, and leaving asks', async () => {
      const page = await open(at('scenarios/~new'));
      const editor = page.getByRole('textbox', { name: 'The file' });
      await editor.pressSequentially('#');
      await writeScenario(page, yaml);
      await page.getByRole('link', { name: 'State', exact: true }).click();
      await page.getByRole('heading', { name: 'State', level: 1 }).waitFor();
      await page.getByRole('link', { name: 'Scenarios' }).click();
      await page.getByRole('link', { name: 'Write a scenario unsaved' }).click();
      await expect.poll(() => textOf(editor)).toBe(yaml);
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.type());
        void dialog.accept();
      });
      await page.reload();
      await expect.poll(() => textOf(editor)).toBe(yaml);
      expect(dialogs).toEqual(['beforeunload']);
    });

    test('a copy of another scenario replaces it only when that was confirmed', async () => {
      const page = await open(at('scenarios/~new'));
      const editor = page.getByRole('textbox', { name: 'The file' });
      await writeScenario(page, yaml);
      await unfoldAll(page);
      await page.getByRole('link', { name: 'order-stuck-in-status' }).first().click();
      await page.getByRole('button', { name: 'Edit a copy' }).click();
      await page.getByRole('button', { name: 'Keep my scenario' }).click();
      await expect.poll(() => textOf(editor)).toBe(yaml);
      await page.getByRole('link', { name: 'order-stuck-in-status' }).first().click();
      await page.getByRole('button', { name: 'Edit a copy' }).click();
      await page.getByRole('button', { name: 'Replace' }).click();
      await expect.poll(() => textOf(editor)).toContain('name: order-stuck-in-status');
    });

    test('in the form: fields, choices and half-typed JSON', async () => {
      const page = await open(at('send/syncPaymentInfo'));
      await page.getByLabel('accountId').first().fill('KEPT-1');
      await page.getByLabel('Encrypt the body').check();
      await page.getByRole('link', { name: 'Keys & clock' }).click();
      await page.getByRole('heading', { name: 'Keys & clock', level: 1 }).waitFor();
      await page.getByRole('link', { name: 'Send', exact: true }).click();
      await expect.poll(() => page.getByLabel('accountId').first().inputValue()).toBe('KEPT-1');
      await page.reload();
      expect(await page.getByLabel('accountId').first().inputValue()).toBe('KEPT-1');
      expect(await page.getByLabel('Encrypt the body').isChecked()).toBe(true);
      await page.getByRole('button', { name: 'JSON' }).click();
      const json = page.getByRole('textbox', { name: 'JSON' });
      await json.fill('{"half": ');
      await page.reload();
      expect(await json.inputValue()).toBe('{"half": ');
    });
  });

  test('JSON that cannot be read is not sent, and nothing older is called verified', async () => {
    const page = await open(at('send/syncOrder'));
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.getByText('Verified:').waitFor();
    const sent = server.journal.newest;
    await page.getByRole('button', { name: 'JSON' }).click();
    const json = page.getByRole('textbox', { name: 'JSON' });
    for (const [text, problem] of [
      ['{\n  "requestId": "1",\n}', 'line 3, column 1'],
      ['[1, 2]', 'must be a JSON object'],
      ['', 'not valid JSON'],
    ] as const) {
      await json.fill(text);
      await page.getByRole('button', { name: 'Sign and send' }).click();
      await page
        .getByRole('alert')
        .filter({ hasText: 'Not sent' })
        .filter({ hasText: problem })
        .waitFor();
      expect(await page.getByText('Verified:').count()).toBe(0);
      expect(await page.evaluate('document.activeElement.tagName')).toBe('TEXTAREA');
    }
    expect(server.journal.newest).toBe(sent);
    await json.fill('{"requestId": "1"}');
    await page.getByRole('button', { name: 'Sign and send' }).click();
    await page.locator('.sent').waitFor();
    expect(server.journal.newest).toBe(sent + 1);
  });

  describe('records', () => {
    let many: MockServer;
    beforeAll(async () => {
      many = await startServer();
      const client = many.clients.list()[0]?.clientId;
      const value = {
        fields: { orderStatus: 'CREATED', merchantBizType: 'MOVIE_TICKET' },
        eventTime: 1,
        updates: 1,
      };
      for (let n = 1; n <= 250; n++)
        await fetch(
          `${many.url}/__admin/clients/${client}/state/orders/${encodeURIComponent(`["MANY-${n}"]`)}`,
          {
            method: 'PUT',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ value }),
          },
        );
    });
    afterAll(() => many?.close(0));

    test('are listed newest first, page by page', async () => {
      const page = await open(`${many.url}/__console/state`);
      const names = page.locator('.records th[scope="row"]');
      await expect.poll(() => names.first().innerText()).toBe('MANY-250');
      expect(await names.count()).toBe(200);
      await page.getByRole('link', { name: 'Older' }).click();
      await expect
        .poll(() => names.allInnerTexts())
        .toEqual(Array.from({ length: 50 }, (_, n) => `MANY-${50 - n}`));
      await page.getByRole('link', { name: 'Newest' }).click();
      await expect.poll(() => names.first().innerText()).toBe('MANY-250');
    });

    test('are opened by their address wherever they are in the list; an unknown one says so', async () => {
      const page = await open(`${many.url}/__console/state/${encodeURIComponent('["MANY-1"]')}`);
      await page.locator('.record', { hasText: 'Fields held' }).waitFor();
      await page.goto(`${many.url}/__console/state/${encodeURIComponent('["NONE"]')}`);
      await page.getByText('No such record is held').waitFor();
    });
  });

  test('no transition of a status diagram is clipped, and all lines can be told from their ground', async () => {
    const own = await startServer();
    const began = Date.now();
    const update = (orderStatus: string, after: number) =>
      merchantAt(own).call(
        'syncOrder',
        {
          merchantBizNo: 'RIDE',
          orderStatus,
          orderCreateTime: began,
          orderModifyTime: began + after,
        },
        'RIDE_HAILING',
      );
    await update('PENDING', 0);
    await update('SERVING', 1000);
    const statuses = [...(own.contract.statusMachines.get('RIDE_HAILING')?.keys() ?? [])];
    for (const [n, status] of statuses.entries()) await update(status, 2000 + n);
    await update('FINISHED', 9000);
    for (const [n, status] of statuses.entries()) await update(status, 10_000 + n);
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(`${own.url}/__console/state/${encodeURIComponent('["RIDE"]')}`);
      await page.emulateMedia({ colorScheme: scheme });
      await page.locator('.edge.refused').first().waitFor();
      const clipped = await page.locator('.diagram').evaluate((svg) => {
        const { width, height } = (
          svg as unknown as { viewBox: { baseVal: { width: number; height: number } } }
        ).viewBox.baseVal;
        return [...svg.querySelectorAll('.edge')]
          .map((edge) =>
            (
              edge as unknown as {
                getBBox(): { x: number; y: number; width: number; height: number };
              }
            ).getBBox(),
          )
          .filter(
            (box) =>
              box.x < 0 ||
              box.y < 0 ||
              box.x + box.width + 2 > width ||
              box.y + box.height > height,
          );
      });
      expect(clipped).toEqual([]);
    }
    await own.close(0);
  });

  test('lines of what may follow have a contrast of 3:1 and more in both schemes', async () => {
    await merchantAt(server).call(
      'syncOrder',
      { merchantBizNo: 'MAY-1', orderStatus: 'PENDING' },
      'RIDE_HAILING',
    );
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(at(`state/${encodeURIComponent('["MAY-1"]')}`));
      await page.emulateMedia({ colorScheme: scheme });
      const line = page.locator('.edge.may').first();
      await line.waitFor();
      const colours = await page.evaluate(`[
        getComputedStyle(document.querySelector('.edge.may')).stroke,
        getComputedStyle(document.querySelector('.legend-mark.may')).borderTopColor,
        getComputedStyle(document.querySelector('.diagram-box')).backgroundColor,
        getComputedStyle(document.querySelector('.record')).backgroundColor,
      ]`);
      const [edge = '', legend = '', ground = '', surface = ''] = colours as string[];
      expect(contrast(edge, ground)).toBeGreaterThanOrEqual(3);
      expect(contrast(legend, surface)).toBeGreaterThanOrEqual(3);
    }
  });

  describe('an exchange that is no plain success does not look like one', () => {
    let own: MockServer;
    let reset = '';
    let repeated = '';
    let stale = '';
    let mismatch = '';
    let first = '';
    beforeAll(async () => {
      own = await startServer();
      const merchant = merchantAt(own);
      const body = merchant.sample('syncOrder', {
        requestId: 'ONCE-1',
        merchantBizNo: 'SAME',
        orderModifyTime: Date.now(),
      });
      first = (await merchant.send('syncOrder', body)).entry?.id ?? '';
      repeated = (await merchant.send('syncOrder', body)).entry?.id ?? '';
      mismatch =
        (await merchant.send('syncOrder', { ...body, merchantBizNo: 'OTHER' })).entry?.id ?? '';
      const staleBody = {
        ...body,
        requestId: 'ONCE-2',
        orderModifyTime: Number(body['orderModifyTime']) - 1000,
      };
      stale = (await merchant.send('syncOrder', staleBody)).entry?.id ?? '';
      const path = `${own.url}/__admin/clients/${own.clients.list()[0]?.clientId}/one-shots`;
      await fetch(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          times: 1,
          when: { operation: 'syncOrder' },
          then: { fault: 'reset' },
        }),
      });
      await merchant.call('syncOrder', { merchantBizNo: 'LOST' }).catch(() => undefined);
      // Delivered or not, the exchange is recorded once it is over.
      await new Promise<void>((resolve) => {
        const isRecorded = (): boolean => own.journal.entries.at(-1)?.reply.httpStatus === 0;
        if (isRecorded()) resolve();
        else own.journal.listen({ onClose: () => void (isRecorded() && resolve()) });
      });
      reset = own.journal.entries.at(-1)?.id ?? '';
    });
    afterAll(() => own?.close(0));

    const colourOf = (page: Page, id: string): Promise<unknown> =>
      page.evaluate(
        `getComputedStyle(document.querySelector('[data-id="${id}"] .badge-letter')).color`,
      );

    for (const width of allWidths)
      test(`in the list, ${width} px`, async () => {
        const page = await open(`${own.url}/__console/`, width);
        await page.locator(`[data-id="${reset}"]`).waitFor();
        const green = await colourOf(page, first);
        for (const [id, chip] of [
          [reset, 'not delivered'],
          [repeated, 'repeated'],
          [stale, 'stale'],
          [mismatch, 'other content'],
        ] as const) {
          expect(await page.locator(`[data-id="${id}"] .chip`).allInnerTexts()).toContain(chip);
          expect(await colourOf(page, id)).not.toBe(green);
          const [cell, label] = await Promise.all([
            page.locator(`[data-id="${id}"] .cell-code`).boundingBox(),
            page.locator(`[data-id="${id}"] .chip`).first().boundingBox(),
          ]);
          expect((label?.x ?? 0) + (label?.width ?? 0)).toBeLessThanOrEqual(
            (cell?.x ?? 0) + (cell?.width ?? 0) + 1,
          );
        }
        expect(await page.locator(`[data-id="${first}"] .chip`).count()).toBe(0);
      });

    test('a reset: the headline says that nothing was delivered, no step claims a reply', async () => {
      const page = await open(`${own.url}/__console/exchanges/${reset}`);
      const title = page.locator('.why-title');
      await title.waitFor();
      expect(await title.innerText()).toContain(
        'No response was delivered: the connection was reset',
      );
      expect(
        await page.locator('.station', { hasText: 'Deliver' }).getAttribute('class'),
      ).toContain('undelivered');
      await page.getByRole('tab', { name: 'Response' }).click();
      expect(await page.locator('.start-line').innerText()).toBe('No response was delivered');
      expect(await page.locator('.exchange').innerText()).not.toContain('HTTP 0');
    });

    test('a client that left: the last step says that, when and by whom the connection was closed', async () => {
      await own.clients.queue(demoClient, {
        when: { operation: 'syncOrder' },
        then: { delayMs: 20_000 },
      });
      const leaving = new AbortController();
      const { signal } = leaving;
      const call = merchantAt(own)
        .call('syncOrder', { merchantBizNo: 'LEFT' }, undefined, { signal })
        .catch(() => undefined);
      const isDecided = async () => (await readWorld(own.store, demoClient)).orders.has('["LEFT"]');
      await expect.poll(isDecided).toBe(true);
      leaving.abort();
      await call;
      await expect.poll(() => own.journal.entries.at(-1)?.tags).toContain('client-left');
      const left = own.journal.entries.at(-1)?.id;
      const page = await open(`${own.url}/__console/exchanges/${left}`);
      const station = page.locator('.station', { hasText: 'Deliver' });
      await station.waitFor();
      expect(await station.getAttribute('class')).toContain('undelivered');
      expect(await station.innerText()).toMatch(/after \d+/);
      expect(await station.getAttribute('title')).toBe('only 0 bytes · closed by the client');
      expect(await page.locator('.why-title').innerText()).toContain('the client had disconnected');
      expect(await page.locator('.outcome .chip').allInnerTexts()).toContain('client left');
    });

    test('a repeated and a stale call: the headline says what happened', async () => {
      const page = await open(`${own.url}/__console/exchanges/${repeated}`);
      await page.getByRole('heading', { name: 'This requestId was answered before' }).waitFor();
      await page.goto(`${own.url}/__console/exchanges/${stale}`);
      await page.locator('.outcome .chip', { hasText: 'stale' }).waitFor();
      expect(await page.locator('.why').getAttribute('class')).not.toContain('accepted');
    });

    test('a request id with another body is explained as that, and leads to its first use', async () => {
      const page = await open(`${own.url}/__console/exchanges/${mismatch}`);
      await page
        .getByRole('heading', { name: 'This requestId was already used with another body' })
        .waitFor();
      expect(await page.locator('.why').innerText()).not.toMatch(/missing|required/i);
      await page.getByRole('link', { name: 'Open the first request with this requestId' }).click();
      await page.locator('.outcome', { hasText: first }).waitFor();
    });
  });

  test('a scenario’s errors are shown once, and go when the text is changed', async () => {
    const page = await open(at('scenarios/~new'));
    const editor = page.getByRole('textbox', { name: 'The file' });
    const broken =
      'name: twice\ndescription: X.\nrules:\n  - when: { operation: syncOrder }\n    then: { result: SUCESS }\n';
    await writeScenario(page, broken);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.locator('.scenario .notice.bad').waitFor();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('.scenario .notice.bad').count()).toBe(1);
    await editor.press('End');
    await editor.pressSequentially(' ');
    await expect.poll(() => page.locator('.scenario .notice').count()).toBe(0);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.locator('.scenario .notice.bad').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    await expect.poll(() => page.locator('.scenario .notice').count()).toBe(0);
  });

  test('the list counts what the journal has', async () => {
    const small = await startServer({ 'journal.entries': 50 });
    const page = await open(`${small.url}/__console/`);
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    const count = page.locator('.list-count');
    for (let n = 0; n < 80; n++) await merchantAt(small).call('updateMembershipCard');
    await expect
      .poll(() => count.innerText())
      .toBe('50 exchanges · the journal keeps the last 50; 30 older ones were evicted');
    await page.reload();
    await expect
      .poll(() => count.innerText())
      .toBe('50 exchanges · the journal keeps the last 50; 30 older ones were evicted');
    await small.close(0);
  });

  test('every tab is titled by what it shows', async () => {
    const exchange = (await order('TITLE-1')).entry?.id;
    const titles = new Map<string, string>([
      ['', 'Exchanges · alipayhk-mock'],
      ['?code=SUCCESS', 'SUCCESS · Exchanges · alipayhk-mock'],
      [`exchanges/${exchange}`, 'SUCCESS syncOrder TITLE-1 · Exchanges · alipayhk-mock'],
      ['state?collection=cards', 'Cards · State · alipayhk-mock'],
      [`state/${encodeURIComponent('["TITLE-1"]')}`, 'TITLE-1 · Orders · State · alipayhk-mock'],
      ['scenarios', 'Scenarios · alipayhk-mock'],
      ['scenarios/order-stuck-in-status', 'order-stuck-in-status · Scenarios · alipayhk-mock'],
      ['scenarios/~new', 'Write a scenario · Scenarios · alipayhk-mock'],
      ['send/accountLinkage', 'accountLinkage · Send · alipayhk-mock'],
      ['keys', 'Keys & clock · alipayhk-mock'],
    ]);
    const page = await open(at(''));
    for (const [place, title] of titles) {
      await page.goto(at(place));
      await expect.poll(() => page.title()).toBe(title);
    }
  });

  test('a key version is ended only by someone who was asked, and then signs no more', async () => {
    const own = await startServer();
    const page = await open(`${own.url}/__console/keys`);
    await page.getByRole('button', { name: 'Add a key version' }).click();
    const row = page.getByRole('row', { name: 'RSA256 v2' });
    await row.getByRole('button', { name: 'Retire now' }).click();
    await page
      .getByRole('dialog', { name: 'Retire RSA256 v2 now?' })
      .getByRole('button', { name: 'Cancel' })
      .click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await row.locator('td').first().innerText()).toBe('active can sign here');
    await row.getByRole('button', { name: 'Retire now' }).click();
    await page.getByRole('button', { name: 'Retire this version' }).click();
    await expect.poll(() => row.locator('td').first().innerText()).toBe('retired');
    await own.close(0);
  });

  test('the page for the token speaks of the token, not of an API', async () => {
    const guarded = await startServer({ adminToken: 'sesame' });
    const page = await open(`${guarded.url}/__console/`);
    await page.getByLabel('Admin token').fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('alert').waitFor();
    const text = await page.locator('body').innerText();
    expect(text).toContain('not the token of this simulator');
    expect(text).not.toMatch(/API|Bearer|Authorization|403/);
    await page.getByLabel('Admin token').fill('sesame');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByRole('heading', { name: 'Nothing has been sent yet' }).waitFor();
    await guarded.close(0);
  });

  test('met no error of the page on all these ways', () => {
    const expected =
      /^Failed to load resource: (the server responded with a status of 4\d\d|net::ERR_)/;
    expect(trouble.filter((line) => !expected.test(line))).toEqual([]);
  });
});

/** The text of the editor of scenarios. */
const textOf = (editor: Locator): Promise<string> =>
  editor
    .locator('.cm-line')
    .allInnerTexts()
    .then((lines) => lines.map((line) => line.replace(/\n$/, '')).join('\n'));

const unfoldAll = async (page: Page): Promise<void> => {
  await page.locator('.family').first().waitFor();
  const folded = page.locator('.family:not([open])');
  for (let left = await folded.count(); left > 0; left--) {
    await folded.first().locator('summary').click();
    await expect.poll(() => folded.count()).toBe(left - 1);
  }
};

const newestSuccess = (server: MockServer): string | undefined =>
  server.journal.entries.findLast(({ verdict }) => verdict.status === 'S')?.id;

/** The contrast of two colours as a browser computes them, by WCAG 2. */
const contrast = (one: string, other: string): number => {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

const luminance = (colour: string): number => {
  const [red = 0, green = 0, blue = 0] = (colour.match(/\d+/g) ?? []).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
