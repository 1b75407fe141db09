// What a person sees of Compose while it builds and starts: what took long, each container as it is ready, and every trouble.

/** Takes line after line of Compose, and returns what to show for it, if anything. */
export const createProgress = (): ((line: string) => string | undefined) => {
  const steps = new Map<string, string>();
  const started = new Set<string>();

  const ofBuild = (step: string, text: string): string | undefined => {
    const first = steps.size === 0;
    if (first || text.startsWith('[')) steps.set(step, text);
    if (first) return 'Building the images.';
    const seconds = Math.round(Number(/^DONE ([\d.]+)s$/.exec(text)?.[1] ?? 0));
    return seconds >= LONG_S ? `${steps.get(step)}: ${seconds} s` : undefined;
  };

  return (line) => {
    const [, step, text = ''] = /^#(\d+) (.*)/.exec(line) ?? [];
    if (step !== undefined) return ofBuild(step, text);
    const [, container = '', state = ''] = /^ *Container (\S+) +(\w+)$/.exec(line.trimEnd()) ?? [];
    if (state === 'Started') started.add(container);
    if (state === 'Healthy' && started.delete(container)) return `${container} is ready.`;
    return EXPECTED.test(line.trim()) ? undefined : line;
  };
};

const LONG_S = 2;

// Empty, a layer of an image, or a step on the way.
const EXPECTED =
  /^$|^[0-9a-f]{12} |(?:Building|Built|Creating|Created|Starting|Started|Waiting|Running|Recreate|Recreated|Healthy|Stopping|Stopped|Removing|Removed)$/;
