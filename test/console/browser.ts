import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { packageRoot } from '../../server/package-root.ts';

const candidates = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

/** Where a Chromium stands on this machine; without one the tests in it are skipped. */
export const chromiumPath = candidates.find(
  (path): path is string => path !== undefined && existsSync(path),
);

if (chromiumPath === undefined)
  process.stderr.write(
    'There is no Chromium: the console’s tests in a real browser are SKIPPED. Install it (apt-get install chromium), or name it with CHROMIUM.\n',
  );

/** The page as `npm run build` made it. */
export const isBuilt = (): boolean =>
  existsSync(join(packageRoot, 'dist', 'console', 'console.js'));

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? '',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });

/** A page, and everything about it that must not happen. */
export interface Watched {
  readonly page: Page;
  /**
   * Errors on the console, uncaught errors, breaches of the content security policy, requests to
   * elsewhere.
   */
  readonly trouble: string[];
  close(): Promise<void>;
}

export const widths = {
  wide: { width: 1280, height: 860 },
  narrow: { width: 390, height: 844 },
} as const;

/** Of a phone, a tablet, a laptop and a larger screen. */
export const allWidths = [390, 768, 1280, 1440] as const;

/** Opens a page in a fresh profile: nothing is remembered from another test. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<Watched> => {
  const context = await browser.newContext({
    viewport: widths.wide,
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
    origin: new URL(url).origin,
  });
  await context.addInitScript({
    content: `addEventListener('securitypolicyviolation', (event) => console.error('CSP: ' + event.violatedDirective + ' ' + event.blockedURI));`,
  });
  const page = await context.newPage();
  const trouble: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(message.text());
  });
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin) && !/^(data|blob):/.test(request.url()))
      trouble.push(`asks ${request.url()}`);
  });
  await page.goto(url);
  return { page, trouble, close: () => context.close() };
};

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong with the page as it stands, minor things too, in a line each. */
export const listViolations = async (page: Page): Promise<readonly string[]> => {
  // Evaluated by the debugger, so the content security policy stays as strict as it is.
  if (!(await page.evaluate(`typeof axe === 'object'`))) await page.evaluate(axeSource());
  const violations = (await page.evaluate(
    `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations
      .flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160) + ' ' + (node.any[0]?.message ?? ''))))`,
  )) as readonly string[];
  return violations;
};

let source: string | undefined;
const axeSource = (): string => {
  source ??= `${readFileSync(axePath, 'utf8')};0`;
  return source;
};

/** Replaces the text of the editor of scenarios, as someone does with the keyboard. */
export const writeScenario = async (page: Page, text: string): Promise<void> => {
  await page.getByRole('textbox', { name: 'The file' }).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
};
