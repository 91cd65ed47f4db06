import type { Helper } from '../helper.ts';

export const json: Helper = {
  name: 'json',
  summary: 'Any value as JSON text, on one line unless a second value says by how many spaces to indent.',
  args: [1, 2],
  run: (value, indent) => JSON.stringify(value, null, typeof indent === 'number' ? indent : 0),
  examples: [
    { template: '{{json app}}', vars: { app: { port: 80, names: ['a'] } }, result: '{"port":80,"names":["a"]}' },
    { template: '{{json app 2}}', vars: { app: { port: 80 } }, result: '{\n  "port": 80\n}' },
  ],
};
