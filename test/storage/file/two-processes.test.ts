import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../../server/package-root.ts';
import { openFileStore } from '../../../server/storage/file/file-store.ts';
import { lockFolder } from '../../../server/storage/file/folder-lock.ts';
import { limits, newFolder } from './some-orders.ts';

/** Of a process that is gone. */
const noProcess = 2 ** 22 + 1;

describe('the lock of a data folder', () => {
  test('of many processes that find a lock left behind, exactly one gets the folder', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: noProcess, host: hostname() }));
    const script = `
      import { lockFolder } from ${JSON.stringify(join(packageRoot, 'server/storage/file/folder-lock.ts'))};
      process.stdin.once('data', async () => {
        await lockFolder(${JSON.stringify(folder)}).then(() => console.log('mine'), (error) => console.log(error.message));
      });
      console.log('ready');`;
    const children = Array.from({ length: 5 }, () =>
      spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
        cwd: packageRoot,
        stdio: ['pipe', 'pipe', 'inherit'],
      }),
    );
    const said = children.map(() => '');
    const everyoneSaid = (count: number) =>
      expect
        .poll(() => said.filter((text) => text.split('\n').length > count).length, {
          timeout: 20_000,
        })
        .toBe(children.length);
    for (const [index, child] of children.entries())
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said[index] += text;
      });
    await everyoneSaid(1);
    for (const child of children) child.stdin.write('go\n');
    await everyoneSaid(2);
    for (const child of children) child.kill('SIGKILL');
    const winner = children[said.findIndex((text) => text.includes('mine'))];
    expect(said.filter((text) => text.includes('mine'))).toHaveLength(1);
    expect(
      said.filter((text) => text.includes(`is in use by process ${winner?.pid} on ${hostname()}`)),
    ).toHaveLength(4);
  }, 30_000);

  test('of another host is watched, not computed: a clock that went back neither keeps a dead lock nor breaks a live one', async () => {
    const folder = folderHeldBy({ pid: 7, host: 'another-host' });
    const file = join(folder, 'lock');
    const inAnHour = new Date(Date.now() + 3_600_000);
    utimesSync(file, inAnHour, inAnHour);
    let beats = 0;
    const heart = setInterval(
      () => utimesSync(file, inAnHour, new Date(inAnHour.getTime() - ++beats * 1000)),
      50,
    );
    await expect(lockFolder(folder, 500)).rejects.toThrow('is in use by process 7 on another-host');
    clearInterval(heart);
    (await lockFolder(folder, 300)).release();
  });

  describe('whose process id belongs to another process now', () => {
    const pid = process.ppid;

    test('is taken over once it has shown no heartbeat', async () => {
      (await lockFolder(folderHeldBy({ pid }), 400)).release();
    });

    test.runIf(process.platform === 'linux')(
      'is taken over at once where that process was started at another time',
      () => expectTakenAtOnce(folderHeldBy({ pid, started: '1' })),
    );

    test.runIf(process.platform === 'linux')(
      'is left alone where it is the same one: it may be suspended',
      async () => {
        const started = readStat(pid)[19];
        await expect(lockFolder(folderHeldBy({ pid, started }), 300)).rejects.toThrow(
          `is in use by process ${pid} on ${hostname()}`,
        );
      },
    );
  });

  test.runIf(process.platform === 'linux')(
    'is taken over at once where its process has ended, though the parent has not waited for it',
    async () => {
      const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 30'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [printed] = await once(parent.stdout, 'data');
      const pid = Number(printed);
      await expect.poll(() => readStat(pid)[0]).toBe('Z');
      await expectTakenAtOnce(folderHeldBy({ pid, started: readStat(pid)[19] }));
      parent.kill('SIGKILL');
    },
  );

  test('one that cannot be read may be just being written: it is watched too', async () => {
    const folder = newFolder();
    const file = join(folder, 'lock');
    writeFileSync(file, '');
    const owner = { pid: process.ppid, host: hostname() };
    setTimeout(() => writeFileSync(file, JSON.stringify(owner)), 150);
    const refusal = `is in use by process ${owner.pid} on ${owner.host}`;
    for (let attempt = 0; attempt < 2; attempt++)
      await expect(lockFolder(folder, 600)).rejects.toThrow(refusal);
  });

  test('a turn at removing it that was never ended holds nobody up', async () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: noProcess, host: hostname() }));
    writeFileSync(join(folder, 'lock.turn'), '');
    await (await openFileStore(folder, 'os', limits)).close();
  });

  test('that is taken over by somebody else ends the keeping of state, and is left alone', async () => {
    const folder = newFolder();
    const store = await openFileStore(folder, 'os', limits);
    const theirs = JSON.stringify({ pid: 7, host: 'another-host' });
    rmSync(join(folder, 'lock'));
    writeFileSync(join(folder, 'lock'), theirs);
    const put = async () => store.commit('c', [], []);
    await expect
      .poll(() => put().then(() => '', String), { timeout: 10_000, interval: 200 })
      .toMatch(/was taken over by process 7 on another-host/);
    await store.close().catch(() => {});
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toBe(theirs);
  }, 15_000);
});

interface Owner {
  readonly pid: number;
  readonly host?: string;
  readonly started?: string | undefined;
}

/** A folder whose lock was written long ago. */
const folderHeldBy = (owner: Owner): string => {
  const folder = newFolder();
  const file = join(folder, 'lock');
  writeFileSync(file, JSON.stringify({ host: hostname(), ...owner }));
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(file, longAgo, longAgo);
  return folder;
};

const expectTakenAtOnce = async (folder: string): Promise<void> => {
  const began = performance.now();
  const lock = await lockFolder(folder, 60_000);
  expect(performance.now() - began).toBeLessThan(10_000);
  lock.release();
};

/** From the state on: the name before it may hold spaces. */
const readStat = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
