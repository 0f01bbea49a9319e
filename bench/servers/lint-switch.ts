/**
 * The simulator from its sources, with a switch for lint and coverage, which are always on in the
 * product. Its parent sends whether they are to be on, and gets the processor time that was used so
 * far, in microseconds.
 */
import { boundHeap, fitThreadPool } from '../../server/app/process-tuning.ts';
import { run } from '../../server/cli/program.ts';
import { Journal, type JournalListener } from '../../server/journal/journal.ts';

let isOn = true;

const { listen } = Journal.prototype;
Journal.prototype.listen = function (this: Journal, listener: JournalListener): () => void {
  const { onClose, onDelete } = listener;
  // Of all that listen, the observer of the traffic alone has anything to forget.
  if (onClose === undefined || onDelete === undefined) return listen.call(this, listener);
  return listen.call(this, {
    ...listener,
    onClose: (entry, request) => {
      if (isOn) onClose(entry, request);
    },
  });
};

process.on('message', (on: boolean) => {
  isOn = on;
  const { user, system } = process.cpuUsage();
  process.send?.(user + system);
});

fitThreadPool();
boundHeap();
void run(process.argv.slice(2));
