// The progress bar of a run, for a terminal that can draw it.
import progress from 'cli-progress';
import { onExit } from '../stop-signal.ts';
import { hasEscapes, type Terminal } from '../terminal.ts';

export type Progress = { readonly step: () => void; readonly stop: () => void };

export const showProgress = (terminal: Terminal, total: number): Progress => {
  if (!hasEscapes(terminal)) return { step: () => {}, stop: () => {} };
  const bar = new progress.SingleBar(
    {
      stream: terminal.stdout,
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
