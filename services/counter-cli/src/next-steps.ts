// The next steps, printed when the counter is up.

/** @param keys the commands that list what is in Redis @param end how to stop it */
export const nextSteps = (url: string, keys: readonly string[], end = 'Ctrl-C stops it.'): string => {
  const flag = url === 'http://localhost:8080' ? '' : ` --url ${url}`;
  return `
The counter is up: ${url}
Open it in a browser for the live page, or try:

  curl ${url}/
  for i in $(seq 9); do curl -s ${url}/; done
  npx counter hit -n 99${flag}
  npx counter counts${flag}
  npx counter watch${flag}
${keys.map((command) => `  ${command}`).join('\n')}

${end}
`;
};
