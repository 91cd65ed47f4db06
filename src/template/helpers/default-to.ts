import type { Helper } from '../helper.ts';

export const defaultTo: Helper = {
  name: 'default',
  summary: 'The value, or the second one where the first is not defined or null.',
  args: [2, 2],
  lenient: true,
  run: (value, fallback) => value ?? fallback ?? null,
  examples: [
    { template: '{{default port 8080}}', vars: {}, result: 8080 },
    { template: '{{default app.port 8080}}', vars: { app: { port: 80 } }, result: 80 },
  ],
};
