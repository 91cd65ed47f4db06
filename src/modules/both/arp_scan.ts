import { Type } from 'typebox';
import type { BothModule } from '../../model/module.ts';
import type { Fields } from '../../model/value.ts';
import { badArgs } from '../shared/args.ts';
import { allow, allowedIn, answered, secondsOf } from '../shared/asked-machines.ts';
import { text } from '../shared/params.ts';
import { onHost, ownPlaces, rawSend, readAnswers } from '../shared/raw-send.ts';

const params = Type.Object(
  {
    hosts: Type.Union(
      [text('An address or a network.'), Type.Array(text('An address or a network.'), { minItems: 1 })],
      {
        description: 'Who is asked for: addresses, or a network (`10.0.0.0/24`) of at most 4096.',
      },
    ),
    interface: Type.String({
      description: 'The interface of the host that is in the same network as they.',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:@-]*$',
    }),
    timeout: Type.Optional(secondsOf('Seconds that the answers may take; 2 when not said.')),
    retries: Type.Optional(
      Type.Integer({
        description: 'How often those without an answer are asked again; once when not said.',
        minimum: 0,
        maximum: 10,
      }),
    ),
    allow,
  },
  { additionalProperties: false },
);

const mostHosts = 4096;

/** Asks for the hardware address of each, which no firewall of theirs keeps. */
export const arpScan = {
  name: 'arp_scan',
  on: 'both',
  summary: 'It is known which addresses of a network are in use, and by which hardware.',
  params,
  result: {
    found: 'One row for each that answered: `address`, `mac`, `rtt` in milliseconds.',
    count: 'How many answered.',
    asked: 'How many were asked.',
  },
  examples: [
    { arp_scan: { hosts: '10.0.0.0/24', interface: 'eth0', allow: ['10.0.0.0/24'] }, become: true, register: 'lan' },
    {
      arp_scan: { hosts: ['10.0.0.1', '10.0.0.2'], interface: 'eth0', allow: ['10.0.0.0/24'] },
      become: true,
      register: 'two',
    },
    { arp_scan: { hosts: '{{hosts.db1.address}}', interface: 'eth0', retries: 3 }, become: true, register: 'db' },
  ],
  idempotent: true,
  telling: 'hosts',
  run: (params, context) =>
    answered(async () => {
      const { interface: device, timeout = 2, retries = 1 } = params;
      if (context.check)
        return { changed: false, fields: {}, unknown: 'a check sends nothing, so who is there is not known' };
      const { targetsOf } = await import('../../network/allow.ts');
      const { answerRules, ruleText } = await import('../../packets/answer-rules.ts');
      const { buildPacket, parsePacket, readLayers } = await import('../../packets/stack.ts');
      const targets = await targetsOf([params.hosts].flat(), await allowedIn(context, params.allow));
      if (targets.length > mostHosts)
        throw badArgs('arp_scan', `${targets.length} addresses are more than ${mostHosts}`);
      if (targets.some(({ address }) => address.includes(':')))
        throw badArgs('arp_scan', 'ARP is for addresses of IPv4');
      const own = ownPlaces({ addresses: [targets[0]?.address ?? ''], interfaces: [device] });
      const places = await onHost(own, context, { reads: true });
      const [psrc = '', mac = ''] = places.trim().split('\n');
      const found = new Map<string, Fields>();
      for (let round = 0; round <= retries && found.size < targets.length; round += 1) {
        const left = targets.filter(({ address }) => !found.has(address));
        const packets = left.map(({ address }) => {
          const arp = { hwsrc: mac, psrc, pdst: address };
          const bytes = buildPacket(readLayers([{ ether: { src: mac } }, { arp }]));
          return { hex: bytes.toString('hex'), rules: ruleText(answerRules(bytes, 'ether')), address };
        });
        const run = rawSend({ interface: device, packets, interval: 0.001, timeout, multi: false });
        const printed = await onHost(run, context);
        for (const { index, rtt, bytes } of readAnswers(printed).answers) {
          const arp = parsePacket(bytes, 'ether').find(({ name }) => name === 'arp')?.fields ?? {};
          const address = left[index]?.address ?? '';
          found.set(address, { address, mac: arp['hwsrc'] ?? '', rtt });
        }
      }
      const rows = targets.flatMap(({ address }): Fields[] => [found.get(address) ?? []].flat());
      return {
        changed: false,
        fields: { found: rows, count: rows.length, asked: targets.length },
        message: [
          `${rows.length} of ${targets.length} answered`,
          ...rows.map((row) => `${row['address']}  ${row['mac']}`),
        ].join('\n'),
      };
    }),
} satisfies BothModule<typeof params>;
