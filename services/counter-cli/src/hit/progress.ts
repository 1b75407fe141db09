// The progress bar of a run, for a terminal only.
import progress from 'cli-progress';
import { onExit } from '../stop-signal.ts';
import { isTerminal, type Terminal } from '../terminal.ts';

export type Progress = { readonly step: () => void; readonly stop: () => void };

export const showProgress = ({ stdout }: Terminal, total: number): Progress => {
  if (!isTerminal(stdout)) return { step: () => {}, stop: () => {} };
  const bar = new progress.SingleBar(
    {
      stream: stdout,
      format: 'hits {bar} {value}/{total}, {eta_formatted} left',
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false, // Ctrl-C is ours: the result is still to be printed
    },
    progress.Presets.shades_classic,
  );
  const stopped = onExit(() => bar.stop());
  bar.start(total, 0);
  return {
    step: () => bar.increment(),
    stop: () => {
      stopped();
      bar.stop();
    },
  };
};
