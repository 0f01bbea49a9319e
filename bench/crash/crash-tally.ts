/** What a crash test has seen so far. */
export class CrashTally {
  rounds = 0;
  killedWhileStarting = 0;
  answered = 0;
  repeated = 0;
  /** Killed before they were answered, and sent again afterwards. */
  retried = 0;
  probed = 0;
  ordersRead = 0;
  lost = 0;
  doubled = 0;
  /** Repeats that got another answer than the first time, and answers that are no success. */
  wrong = 0;
  readonly findings: string[] = [];

  find(kind: 'lost' | 'doubled' | 'wrong', sentence: string): void {
    this[kind]++;
    if (this.findings.length < 20) this.findings.push(`${kind}: ${sentence}`);
  }

  get isClean(): boolean {
    return this.lost + this.doubled + this.wrong === 0;
  }

  toString(): string {
    const {
      rounds,
      killedWhileStarting,
      answered,
      repeated,
      retried,
      probed,
      ordersRead,
      lost,
      doubled,
      wrong,
    } = this;
    return [
      `${rounds} rounds (${killedWhileStarting} killed while starting), ` +
        `${answered} changes answered, ${repeated} repeated, ${retried} retried after a kill,`,
      `${probed} orders checked after a restart, ${ordersRead} orders read from disk: ` +
        `${lost} lost, ${doubled} doubled, ${wrong} answered differently`,
    ].join(' ');
  }
}
