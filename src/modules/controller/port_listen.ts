import { Type } from 'typebox';
import type { ControllerModule, ControllerResult } from '../../model/module.ts';
import { allowedIn, answered, portNumber, secondsOf } from '../shared/asked-machines.ts';
import { choice, text } from '../shared/params.ts';

const params = Type.Object(
  {
    port: portNumber('The port of this machine.'),
    host: Type.Optional(text('The address of this machine; all of IPv4 when not said.', '0.0.0.0')),
    protocol: Type.Optional(choice(['tcp', 'udp'], 'What is spoken.', 'tcp')),
    count: Type.Optional(
      Type.Integer({
        description: 'Over after so many connections or datagrams; 1 when not said.',
        minimum: 1,
        maximum: 100_000,
      }),
    ),
    reply: Type.Optional(Type.String({ description: 'Text that each is sent.' })),
    timeout: Type.Optional(secondsOf('Seconds until the task fails when fewer have come; 60 when not said.')),
    allow: Type.Optional(
      Type.Array(text('A name, an address or a network.'), {
        description:
          'Who may come beside the hosts of the inventory: names, addresses, networks (`10.0.0.0/24`). Any other is hung up on and does not count.',
      }),
    ),
  },
  { additionalProperties: false },
);

/** Listens on this machine for as long as the task takes. */
export const portListen = {
  name: 'port_listen',
  on: 'controller',
  pure: false,
  summary:
    'Connections or datagrams have come to a port of this machine, which shows that nothing on the way keeps them.',
  params,
  result: {
    connections:
      'One row for each: `address` and `port` of the other side, `data` as text, `bytes`, `time` in seconds since 1970.',
    count: 'How many.',
  },
  examples: [
    { port_listen: { port: 9000, count: 3, timeout: 120 }, register: 'heard' },
    { port_listen: { port: 5514, protocol: 'udp' }, register: 'log' },
    { port_listen: { port: 8080, reply: 'HTTP/1.0 200 OK\r\n\r\nup\n', allow: ['10.0.0.0/8'] } },
  ],
  idempotent: false,
  telling: 'port',
  run(params, context): ControllerResult | Promise<ControllerResult> {
    const { port, host = '0.0.0.0', protocol = 'tcp', count = 1, reply, timeout = 60 } = params;
    if (context.check)
      return {
        changed: false,
        fields: {},
        unknown: `a check does not listen on port ${port}: who would come is not known`,
      };
    return answered(async () => {
      const { comers } = await import('../../network/allow.ts');
      const { listen } = await import('../../network/listen.ts');
      const counts = await comers(await allowedIn(context, params.allow));
      const connections = await listen({
        address: host,
        port,
        protocol,
        count,
        timeout: timeout * 1000,
        ...(reply !== undefined && { reply: Buffer.from(reply) }),
        quiet: 2000,
        most: 65_536,
        counts,
        signal: context.signal,
      });
      const enough = connections.length >= count;
      return {
        changed: false,
        fields: { connections, count: connections.length },
        message: `${connections.length} of ${count}`,
        ...(!enough && { failed: `port ${port}: ${connections.length} of ${count} came in ${timeout} s` }),
      };
    });
  },
} satisfies ControllerModule<typeof params>;
