import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import { badArgs } from '../shared/args.ts';
import { allow, answered, from, secondsOf } from '../shared/asked-machines.ts';
import { flag, text } from '../shared/params.ts';
import { portRows, portRowsFromHost } from '../shared/port-rows.ts';

const port = Type.Union([Type.Integer({ minimum: 1, maximum: 65_535 }), text('A port, or a range: `1-1024`.')]);

const params = Type.Object(
  {
    hosts: Type.Optional(
      Type.Union([text('A machine.'), Type.Array(text('A machine.'), { minItems: 1 })], {
        description: 'Names, addresses or networks (`10.0.0.0/24`); the task’s host when not said.',
      }),
    ),
    ports: Type.Union([port, Type.Array(port, { minItems: 1 })], {
      description: 'TCP ports: numbers, ranges, also with commas: `22,80,8000-8100`.',
    }),
    timeout: Type.Optional(secondsOf('Seconds for each connection; 1 when not said.')),
    parallel: Type.Optional(
      Type.Integer({
        description: 'Connections at once; 100 when not said, and 20 from the host.',
        minimum: 1,
        maximum: 1000,
      }),
    ),
    banner: Type.Optional(flag('Wait up to two seconds for what each open port says first.')),
    from: from('with its perl, bash or nc and without `banner`: then `hosts` is `localhost` when not said'),
    allow,
  },
  { additionalProperties: false },
);

/** Connects to every port, as any client would: it needs no rights, and the other side sees it. */
export const portScan = {
  name: 'port_scan',
  on: 'both',
  summary: 'It is known which TCP ports of machines are open, as seen from this machine or from the host.',
  params,
  result: {
    open: 'One row for each open port: `host`, `address`, `port`, `state`, `time` in milliseconds (null where a program of the host does not tell), `banner` where it was asked for.',
    count: 'How many are open.',
    closed: 'How many refused.',
    filtered: 'How many gave no answer.',
  },
  examples: [
    { port_scan: { ports: '1-1024' }, register: 'scan' },
    { port_scan: { hosts: '10.0.0.0/28', ports: [22, 80, 443], allow: ['10.0.0.0/28'] }, register: 'lab' },
    { port_scan: { hosts: 'db1', ports: '1-1024', from: 'target' }, register: 'reached' },
    { port_scan: { hosts: ['web1', 'web2'], ports: '22,8000-8100', banner: true }, register: 'web' },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'hosts',
  async run({ hosts, ports, timeout = 1, parallel, banner, from, allow }, context) {
    if (from === 'target' && banner === true)
      throw badArgs(
        'port_scan',
        'banner is for a scan from the controller',
        'socket with from: target reads what a port says',
      );
    return answered(async () => {
      const survey = { hosts, ports, allow, timeout };
      const rows = await (from === 'target'
        ? portRowsFromHost({ ...survey, parallel: parallel ?? 20 }, context)
        : portRows({ ...survey, parallel: parallel ?? 100, banner }, context));
      const count = (state: string): number => rows.filter((row) => row['state'] === state).length;
      const open = rows.filter((row) => row['state'] === 'open').map(({ reason, ...row }) => row);
      return {
        changed: false,
        fields: { open, count: open.length, closed: count('closed'), filtered: count('filtered') },
        message: `${open.length} of ${rows.length} open`,
      };
    });
  },
} satisfies BothModule<typeof params>;
