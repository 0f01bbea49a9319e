import { Connection } from '../load/connection.ts';
import { percentile } from '../statistics.ts';

export interface FloodOrder {
  readonly port: number;
  readonly requests: readonly Buffer[];
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Flooded {
  readonly seconds: number;
  readonly answers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const connections = 16;
const beatMs = 5;

/**
 * Sends so many requests a second, evenly; what a busy server has not taken yet waits for a free
 * connection.
 */
export const flood = async ({
  port,
  requests,
  perSecond,
  seconds,
}: FloodOrder): Promise<Flooded> => {
  const free = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)));
  const latencies: number[] = [];
  const began = performance.now();
  let sent = 0;
  let underWay = 0;
  await new Promise<void>((resolve) => {
    const send = (): void => {
      const due = Math.floor(((performance.now() - began) / 1000) * perSecond);
      while (sent < due) {
        // In turns: the server closes a connection that is idle for five seconds.
        const connection = free.shift();
        const request = requests[sent % requests.length];
        if (connection === undefined || request === undefined) return;
        sent++;
        underWay++;
        const at = performance.now();
        void connection.send(request).then(() => {
          latencies.push(performance.now() - at);
          underWay--;
          free.push(connection);
        });
      }
    };
    const beat = setInterval(() => {
      if (performance.now() - began < seconds * 1000) send();
      else if (underWay === 0) {
        clearInterval(beat);
        resolve();
      }
    }, beatMs);
  });
  const took = (performance.now() - began) / 1000;
  for (const connection of free) connection.close();
  return {
    seconds: took,
    answers: latencies.length,
    perSecond: Math.round(latencies.length / took),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
};
