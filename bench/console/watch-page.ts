import { chromium } from 'playwright-core';

/** What the page went through between `begin` and `end`. */
export interface PageFigures {
  readonly longTasks: number;
  readonly longestTaskMs: number;
  readonly frames: number;
  readonly frameGapP99Ms: number;
  readonly longestFrameGapMs: number;
  readonly heapBeforeMiB: number;
  readonly heapAfterMiB: number;
  readonly elements: number;
  readonly rowsListed: string;
}

export interface WatchedPage {
  begin(): Promise<void>;
  end(): Promise<PageFigures>;
  close(): Promise<void>;
}

// Runs in the page: it keeps count of frames and of tasks above 50 ms.
const watch = `
  window.watched = { frames: [], tasks: [] };
  new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) watched.tasks.push(duration); }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => { watched.frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
`;

const figures = `(() => {
  const sorted = watched.frames.toSorted((a, b) => a - b);
  return {
    longTasks: watched.tasks.length,
    longestTaskMs: Math.round(Math.max(0, ...watched.tasks)),
    frames: sorted.length,
    frameGapP99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    longestFrameGapMs: Math.round(sorted.at(-1) ?? 0),
    elements: document.querySelectorAll('*').length,
    rowsListed: document.querySelector('.list-count')?.textContent ?? '',
  };
})()`;

/** Opens the console in Chromium, as someone would who keeps it open. */
export const watchPage = async (url: string): Promise<WatchedPage> => {
  const browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const tools = await page.context().newCDPSession(page);
  await page.goto(url);
  await page.locator('.connection.live').waitFor();
  const heapMiB = async (): Promise<number> => {
    await tools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await tools.send('Runtime.getHeapUsage');
    return Math.round((usedSize / 1024 / 1024) * 10) / 10;
  };
  let before = 0;
  return {
    begin: async () => {
      before = await heapMiB();
      await page.evaluate(watch);
    },
    end: async () => {
      const seen = (await page.evaluate(figures)) as Omit<PageFigures, 'heapBeforeMiB' | 'heapAfterMiB'>;
      return { ...seen, heapBeforeMiB: before, heapAfterMiB: await heapMiB() };
    },
    close: () => browser.close(),
  };
};
