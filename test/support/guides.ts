// The documents whose commands test/e2e/readme.test.ts runs.

export const GUIDES = ['README.md', 'docs/operations.md', 'docs/troubleshooting.md'] as const;
