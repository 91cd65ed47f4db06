import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { underSystemd } from '../shared/systemd.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The name, with its domain or without; `/etc/hosts` is left to other tasks.',
      pattern: '^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$',
      maxLength: 64,
    }),
  },
  { additionalProperties: false },
);

/** The name of the host on Linux: the one it has now, and the one it starts with. */
export const hostname = {
  name: 'hostname',
  on: 'host',
  summary: 'The host has this name, now and after a restart.',
  params,
  result: { name: 'The name.' },
  examples: [
    { hostname: { name: 'web1' } },
    { hostname: { name: '{{host.name}}' } },
    { hostname: { name: 'db1.example.com' } },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name }): Converge {
    return {
      kind: 'converge',
      probe: [
        {
          sh: sh`echo "now $(uname -n)"
play_x=$(sed -e '/^[[:space:]]*#/d' -e '/^[[:space:]]*$/d' /etc/hostname 2>/dev/null | head -n 1)
echo "at start \${play_x:-not set}"`,
        },
      ],
      expect: `now ${name}\nat start ${name}`,
      // The file is written in place: in a container it is often a mount of its own, which nothing can take the place of.
      apply: sh`if ${underSystemd} && command -v hostnamectl >/dev/null 2>&1; then
hostnamectl --no-ask-password set-hostname ${name}
else
printf '%s\\n' ${name} >/etc/hostname &&
if [ "$(uname -n)" != ${name} ]; then hostname ${name}; fi
fi`,
      only: '/etc/hostname',
      result: () => ({ name }),
    };
  },
} satisfies HostModule<typeof params>;
