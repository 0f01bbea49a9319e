import { chromium } from 'playwright-core';

/** What the page went through between `begin` and `end`. */
export interface PageFigures {
  /** Shares of a core: what runs the page, and all of Chromium. */
  readonly pageCpu: number;
  readonly chromiumCpu: number;
  readonly longTasks: number;
  readonly longestTaskMs: number;
  readonly frames: number;
  readonly frameGapP50Ms: number;
  readonly frameGapP95Ms: number;
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
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watched.tasks.push(duration);
  }).observe({ type: 'longtask' });
  let last = performance.now();
  const frame = (now) => {
    watched.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

const figures = `(() => {
  const sorted = watched.frames.toSorted((a, b) => a - b);
  return {
    longTasks: watched.tasks.length,
    longestTaskMs: Math.round(Math.max(0, ...watched.tasks)),
    frames: sorted.length,
    frameGapP50Ms: Math.round(sorted[Math.floor(sorted.length * 0.5)] ?? 0),
    frameGapP95Ms: Math.round(sorted[Math.floor(sorted.length * 0.95)] ?? 0),
    frameGapP99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
    longestFrameGapMs: Math.round(sorted.at(-1) ?? 0),
    elements: document.querySelectorAll('*').length,
    rowsListed: document.querySelector('.list-count')?.textContent ?? '',
  };
})()`;

// Runs in the page: it scrolls the list by 60 pixels a frame, as a wheel does, to its end and again.
const scroll = `
  const list = document.querySelector('.list-box');
  const step = () => {
    const top = list.scrollTop;
    list.scrollTop = top > list.scrollHeight - 1000 ? 0 : top + 60;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
`;

interface Cpu {
  readonly at: number;
  readonly page: number;
  readonly all: number;
}

/** Opens the console in Chromium, as someone would who keeps it open. */
export const watchPage = async (url: string, scrolls: boolean): Promise<WatchedPage> => {
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
  const whole = await browser.newBrowserCDPSession();
  const cpuNow = async (): Promise<Cpu> => {
    const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
    const sum = (type?: string): number =>
      processInfo
        .filter((one) => type === undefined || one.type === type)
        .reduce((total, { cpuTime }) => total + cpuTime, 0);
    return { at: performance.now(), page: sum('renderer'), all: sum() };
  };
  let before = 0;
  let cpu: Cpu = { at: 0, page: 0, all: 0 };
  return {
    begin: async () => {
      before = await heapMiB();
      await page.evaluate(watch);
      if (scrolls) await page.evaluate(scroll);
      cpu = await cpuNow();
    },
    end: async () => {
      const now = await cpuNow();
      const seconds = (now.at - cpu.at) / 1000;
      const seen = (await page.evaluate(figures)) as Omit<
        PageFigures,
        'heapBeforeMiB' | 'heapAfterMiB' | 'pageCpu' | 'chromiumCpu'
      >;
      return {
        pageCpu: (now.page - cpu.page) / seconds,
        chromiumCpu: (now.all - cpu.all) / seconds,
        ...seen,
        heapBeforeMiB: before,
        heapAfterMiB: await heapMiB(),
      };
    },
    close: () => browser.close(),
  };
};
