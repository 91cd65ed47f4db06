import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import { allow, answered, from, secondsOf } from '../shared/asked-machines.ts';
import { choice, text } from '../shared/params.ts';
import { portRows, portRowsFromHost } from '../shared/port-rows.ts';

const port = Type.Union([Type.Integer({ minimum: 1, maximum: 65_535 }), text('A port, or a range: `8000-8010`.')]);

const params = Type.Object(
  {
    host: Type.Optional(
      Type.Union([text('A machine.'), Type.Array(text('A machine.'), { minItems: 1 })], {
        description: 'Whose ports: a name or an address, or several; the task’s host when not said.',
      }),
    ),
    port: Type.Union([port, Type.Array(port, { minItems: 1 })], {
      description: 'TCP ports: a number, a range `8000-8010`, or a list of them.',
    }),
    state: Type.Optional(
      choice(
        ['open', 'closed', 'any'],
        'How all of them have to be: `open`; `closed`, which is anything but open; `any` only tells.',
        'open',
      ),
    ),
    timeout: Type.Optional(secondsOf('Seconds for each connection; 5 when not said.')),
    from: from('with its perl, bash or nc: then the host is `localhost` when not said'),
    allow,
  },
  { additionalProperties: false },
);

/** Looks from this machine or from the host; `wait_for` waits until it is so. */
export const portCheck = {
  name: 'port_check',
  on: 'both',
  summary: 'TCP ports are open, as seen from this machine or from the host, or none of them is.',
  params,
  result: {
    ports:
      'One row for each machine and port: `host`, `address`, `port`, `state` (`open`, `closed`: refused, `filtered`: no answer), `time` in milliseconds (null where a program of the host does not tell), `reason`.',
    open: 'How many are open.',
  },
  examples: [
    { port_check: { port: [22, 443] } },
    { port_check: { host: 'db1', port: 5432, state: 'closed' } },
    { name: 'the way from the host to the database is open', port_check: { host: 'db1', port: 5432, from: 'target' } },
    { port_check: { host: ['www.example.com'], port: 443, allow: ['www.example.com'] }, register: 'web' },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'port',
  run: ({ host, port, state = 'open', timeout = 5, from, allow }, context) =>
    answered(async () => {
      const survey = { hosts: host, ports: port, allow, timeout };
      const ports =
        from === 'target'
          ? await portRowsFromHost({ ...survey, parallel: 20 }, context)
          : await portRows({ ...survey, parallel: 50 }, context);
      const open = ports.filter((row) => row['state'] === 'open');
      const wrong = state === 'any' ? [] : ports.filter((row) => (row['state'] === 'open') !== (state === 'open'));
      const words = wrong.map(
        (row) =>
          `${row['host']} port ${row['port']}: ${row['state'] === 'open' ? 'something listens there' : row['reason']}`,
      );
      return {
        changed: false,
        fields: { ports, open: open.length },
        message: `${open.length} of ${ports.length} open`,
        ...(wrong.length > 0 && { failed: words.join('\n') }),
      };
    }),
} satisfies BothModule<typeof params>;
