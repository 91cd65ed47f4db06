import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';

const params = Type.Object(
  {
    name: Type.String({
      description: 'The zone by its name in the tz database: `Europe/Berlin`, `Etc/UTC`.',
      pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$',
    }),
  },
  { additionalProperties: false },
);

/** The time zone of a Linux host: where `/etc/localtime` leads, and `/etc/timezone` where there is one. */
export const timezone = {
  name: 'timezone',
  on: 'host',
  summary: 'The host is in this time zone.',
  params,
  result: { name: 'The zone.' },
  examples: [
    { timezone: { name: 'Etc/UTC' } },
    { timezone: { name: 'Europe/Berlin' } },
    { timezone: { name: '{{zone}}' }, notify: 'restart cron' },
  ],
  idempotent: true,
  shorthand: 'name',
  resource({ name }): Converge {
    const zone = `/usr/share/zoneinfo/${name}`;
    return {
      kind: 'converge',
      probe: [
        {
          sh: sh`if [ ! -f ${zone} ]; then echo ${`there is no zone ${name} on this host; the package tzdata has them`} >&2; (exit 10)
else
if [ -L /etc/localtime ]; then
play_x=$(readlink /etc/localtime)
case $play_x in *zoneinfo/*) echo "zone \${play_x##*zoneinfo/}" ;; *) echo "zone of $play_x" ;; esac
elif [ ! -e /etc/localtime ]; then echo 'zone not set'
elif cmp -s /etc/localtime ${zone}; then echo ${`zone ${name}`}
else echo 'zone of a file of its own'; fi
if [ -e /etc/timezone ]; then
IFS= read -r play_x </etc/timezone
if [ "$play_x" != ${name} ]; then echo "/etc/timezone says $play_x"; fi
fi
fi`,
        },
      ],
      expect: `zone ${name}`,
      apply: sh`rm -f -- /etc/.play-localtime &&
ln -s -- ${zone} /etc/.play-localtime &&
{ mv -f -- /etc/.play-localtime /etc/localtime || { rm -f -- /etc/.play-localtime; false; }; } &&
if [ -e /etc/timezone ]; then printf '%s\\n' ${name} >/etc/timezone; fi`,
      result: () => ({ name }),
    };
  },
} satisfies HostModule<typeof params>;
