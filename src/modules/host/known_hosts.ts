import { createHash, createHmac } from 'node:crypto';
import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { type HostKeyWork, hostKeyApply, hostKeyLine, hostKeyProbe } from '../shared/known-hosts-file.ts';
import { choice, flag, text } from '../shared/params.ts';
import { publicKey } from '../shared/public-key.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The host, in lower case or not: a name or an address, `[name]:port` for a port other than 22.',
      pattern: '^[^\\s,#|@*?!-][^\\s,|*?!]*$',
    }),
    key: Type.Optional(
      text(
        'The whole line, as `ssh-keyscan` prints it: names, type and key; `name` has to be among the names. `absent` without it takes away all keys of the host.',
      ),
    ),
    state: Type.Optional(
      choice(
        ['present', 'absent'],
        'Whether the key is to be known. `present` takes the place of another key of the same type.',
        'present',
      ),
    ),
    path: Type.Optional(text('The file; `~/.ssh/known_hosts` of the user of the task when not said.')),
    hash_host: Type.Optional(flag('Write the name as a hash, which tells nobody where the key belongs.')),
  },
  { additionalProperties: false },
);

/** Host keys that the ssh of the host trusts. */
export const knownHosts = {
  name: 'known_hosts',
  on: 'host',
  summary: 'The key of an SSH server is known to the host, or is not.',
  params,
  result: {
    name: 'The server.',
    key: 'The line that was asked for; null when none was.',
    state: 'The state that was asked for.',
  },
  examples: [
    { known_hosts: { name: 'git.example.com', key: 'git.example.com {{git_host_key}}' } },
    { known_hosts: { name: '[db.example.com]:2222', key: '{{scanned}}', path: '/etc/ssh/ssh_known_hosts' } },
    { known_hosts: { name: 'old.example.com', state: 'absent' } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { state = 'present', path, key } = params;
    const name = params.name.toLowerCase();
    if (state === 'present' && key === undefined)
      throw badArgs('known_hosts', 'key is missing', 'state: absent needs none');
    const entry = key === undefined ? undefined : entryOf(name, key, params.hash_host ?? false);
    const work: HostKeyWork = {
      name,
      present: state === 'present',
      ...(path !== undefined && { path: hostPath('known_hosts', 'path', path) }),
      ...(entry && { entry }),
    };
    return {
      kind: 'converge',
      probe: [{ sh: hostKeyProbe(work) }],
      expect: hostKeyLine(work),
      apply: hostKeyApply(work),
      result: () => ({ name: params.name, key: key?.trim() ?? null, state }),
    };
  },
} satisfies HostModule<typeof params>;

/** Takes `[@marker] NAMES TYPE KEY` apart (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
function entryOf(name: string, line: string, hash: boolean): NonNullable<HostKeyWork['entry']> {
  const text = line.trim();
  const [, marker = '', hosts = '', rest = ''] =
    /^(@(?:cert-authority|revoked)\s+)?(\S+)\s+([^\r\n\0]+)$/.exec(text) ?? [];
  const key = publicKey(rest);
  if (!key) {
    const advice = publicKey(text)
      ? `begin it with the name: ${name} ${text.slice(0, 30)}…`
      : 'write NAME TYPE KEY on one line, as ssh-keyscan prints it';
    throw badArgs('known_hosts', 'key is not a line of known_hosts', advice);
  }
  const isHashed = hosts.startsWith('|1|');
  const isNamed = isHashed ? matchesHash(name, hosts) : hosts.toLowerCase().split(',').includes(name);
  if (!isNamed) throw badArgs('known_hosts', `key is not about ${name}`, `${hosts} stands before it`);
  const written = hash && !isHashed ? hashed(name, key.blob) : hosts;
  return {
    marker: marker === '' ? '' : `${marker.trim()} `,
    hosts: written,
    hashed: hash || isHashed,
    type: key.type,
    key: key.blob,
  };
}

function matchesHash(name: string, hosts: string): boolean {
  const [, , salt = '', hash] = hosts.split('|');
  return hmac(name, Buffer.from(salt, 'base64')) === hash;
}

/** `|1|salt|HMAC-SHA1(salt, name)`. The salt follows from the key, so that the same task always writes the same line. */
function hashed(name: string, key: string): string {
  const salt = createHash('sha1').update(`${key} ${name}`).digest();
  return `|1|${salt.toString('base64')}|${hmac(name, salt)}`;
}

function hmac(name: string, salt: Buffer): string {
  return createHmac('sha1', salt).update(name).digest('base64');
}
