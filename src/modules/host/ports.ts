import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { choice, text } from '../shared/params.ts';
import { portList, readPorts } from '../shared/port-list.ts';

const port = Type.Integer({ minimum: 1, maximum: 65_535 });

const params = Type.Object(
  {
    port: Type.Optional(
      Type.Union([port, Type.Array(port, { minItems: 1 })], {
        description: 'Only this port, or these; all when not said.',
      }),
    ),
    protocol: Type.Optional(choice(['tcp', 'udp'], 'Only these; both when not said.')),
    name: Type.Optional(text('Only those of a program of this name.')),
  },
  { additionalProperties: false },
);

/** What waits on ports of the host. It only reads, so it runs in check mode too. */
export const ports = {
  name: 'ports',
  on: 'host',
  summary: 'It is known on which TCP and UDP ports something listens, and what it is.',
  params,
  result: {
    ports: 'One entry for each address and port, in the order of protocols and ports.',
    'ports.protocol': '`tcp` or `udp`.',
    'ports.family': '`ipv4` or `ipv6`.',
    'ports.address': 'Where it listens; `0.0.0.0` and `::` are all addresses.',
    'ports.port': 'The port.',
    'ports.pid':
      'Number of the process, the lowest where several share it; null where it cannot be seen: of other users only root sees it.',
    'ports.pids': 'Numbers of all processes that have it open.',
    'ports.name': 'Name of the program, of which Linux keeps 15 bytes; empty where it cannot be seen.',
    'ports.user': 'Who has opened it: the name, or the number of a user without one.',
    count: 'How many they are.',
  },
  examples: [
    { ports: {}, register: 'listening' },
    { ports: { port: [80, 443], protocol: 'tcp' }, register: 'web' },
    { ports: { name: 'redis-server' }, register: 'redis' },
  ],
  idempotent: true,
  resource({ port, protocol, name }): Resource {
    const wanted = port === undefined ? undefined : [port].flat();
    return {
      kind: 'action',
      reads: true,
      run: portList,
      result({ stdout }) {
        const list = readPorts(stdout).filter(
          (one) =>
            (wanted === undefined || wanted.includes(one.port)) &&
            (protocol === undefined || one.protocol === protocol) &&
            (name === undefined || one.name === name),
        );
        return { ports: list, count: list.length };
      },
    };
  },
} satisfies HostModule<typeof params>;
