import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import { sh } from '../../program/sh.ts';
import { allow, allowedIn, answered } from '../shared/asked-machines.ts';
import { choice } from '../shared/params.ts';

const params = Type.Object(
  {
    dest: Type.String({
      description: 'Who is asked, as seen from the host: a name or an address.',
      pattern: '^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$',
    }),
    count: Type.Optional(
      Type.Integer({ description: 'How often; 5 times when not said.', minimum: 1, maximum: 10_000 }),
    ),
    source: Type.Optional(
      Type.String({
        description: 'The address or interface of the host to ask from.',
        pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$',
      }),
    ),
    size: Type.Optional(
      Type.Integer({ description: 'Bytes in each packet; 56 when not said.', minimum: 0, maximum: 65_507 }),
    ),
    timeout: Type.Optional(
      Type.Integer({ description: 'Seconds that each answer may take; 2 when not said.', minimum: 1, maximum: 3600 }),
    ),
    state: Type.Optional(
      choice(
        ['present', 'absent'],
        '`present` fails when nothing at all comes back, `absent` when anything does.',
        'present',
      ),
    ),
    allow,
  },
  { additionalProperties: false },
);

/** Uses the program `ping` of the host, which needs no rights there. */
export const netPing = {
  name: 'net_ping',
  on: 'both',
  summary: 'A machine answers ping, as seen from the host, or does not.',
  params,
  result: {
    packets_tx: 'How many were sent.',
    packets_rx: 'How many came back.',
    packet_loss: 'How many did not: `20%`.',
    rtt: 'Milliseconds: `min`, `avg`, `max`; null when nothing came back.',
  },
  examples: [
    { net_ping: { dest: 'db1' } },
    { net_ping: { dest: '10.0.0.254', count: 20, allow: ['10.0.0.0/24'] }, register: 'gateway' },
    { net_ping: { dest: 'old1', count: 2, state: 'absent' } },
  ],
  idempotent: true,
  checkMode: true,
  telling: 'dest',
  run: ({ dest, count = 5, source, size, timeout = 2, state = 'present', allow }, context) =>
    answered(async () => {
      const { addressFromHost } = await import('../../network/allow.ts');
      const address = await addressFromHost(dest, await allowedIn(context, allow));
      const options = [
        ...(source === undefined ? [] : ['-I', source]),
        ...(size === undefined ? [] : ['-s', size]),
        ...(address.includes(':') ? ['-6'] : []),
      ];
      // Programs that know no -6 have ping6.
      const run = sh`if command -v ping >/dev/null 2>&1; then
ping -n -c ${count} -W ${timeout} ${options} ${address} 2>&1 || [ $? -eq 1 ]
else echo 'there is no ping on the host' >&2; false; fi`;
      const [answer] = await context.visit([{ kind: 'action', reads: true, run }], { mayFail: true });
      const text = String(answer?.stdout ?? '');
      const found = readPing(text);
      if (!found) return { changed: false, fields: {}, failed: (answer?.stderr || text).trim() || 'ping said nothing' };
      const { packets_tx: sent, packets_rx: back } = found;
      const wrong = state === 'present' ? back === 0 : back > 0;
      return {
        changed: false,
        fields: found,
        message: `${back} of ${sent} came back${found.rtt ? `, ${found.rtt.avg} ms` : ''}`,
        ...(wrong && { failed: state === 'present' ? `${dest} does not answer` : `${dest} answers` }),
      };
    }),
} satisfies BothModule<typeof params>;

/** The last lines of ping, as iputils, busybox and the BSDs print them. */
function readPing(text: string) {
  const [, sent, back] = /^(\d+) packets transmitted, (\d+) (?:packets )?received/m.exec(text) ?? [];
  if (sent === undefined || back === undefined) return undefined;
  const [, min, avg, max] = /min\/avg\/max\S* = ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(text) ?? [];
  const loss = Math.round(100 * (1 - Number(back) / Math.max(1, Number(sent))));
  return {
    packets_tx: Number(sent),
    packets_rx: Number(back),
    packet_loss: `${loss}%`,
    rtt: min === undefined ? null : { min: Number(min), avg: Number(avg), max: Number(max) },
  };
}
