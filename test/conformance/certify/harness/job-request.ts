import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JobRequest } from '../../../../server/conformance/certify/harness/driver.ts';
import type { Job, JobConnection } from '../../../../server/conformance/certify/types.ts';

/** A key that a driver might print; no real one. */
export const privateKey = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCabcdefghijklmnop';

const connection: JobConnection = {
  baseUrl: 'http://127.0.0.1:1',
  clientId: 'CLIENT',
  privateKey,
  keyVersion: 1,
  platformKeys: { 1: 'first', 2: 'second' },
  state: '',
  pauseFactor: 0.05,
};

let jobs = 0;

/** A job for a driver that sends nothing. @param folder that the test deletes */
export const jobRequest = (
  folder: string,
  { deadlineMs = 10_000, ...more }: Partial<JobRequest> = {},
): JobRequest => {
  const name = `job-${++jobs}`;
  const stateFolder = join(folder, name);
  mkdirSync(stateFolder);
  const job: Job = {
    protocol: 1,
    job: name,
    action: 'send',
    operation: 'syncOrder',
    path: '/path',
    sealed: false,
    message: { merchantBizNo: 'C1' },
  };
  return {
    job: { ...job, connection: { ...connection, state: stateFolder } },
    connection: { ...connection, state: stateFolder },
    stateFolder,
    caseName: undefined,
    deadlineMs,
    kill: new AbortController().signal,
    stop: new AbortController().signal,
    awaitMessage: () => Promise.resolve(true),
    ...more,
  };
};
