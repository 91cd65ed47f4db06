import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf, wholeNumber } from '../shared/fact-text.ts';

/** Since when the host runs. */
export const uptime = {
  name: 'uptime',
  summary: 'Since when the host runs.',
  program: raw(`if [ -r /proc/uptime ]; then cat /proc/uptime; grep '^btime ' /proc/stat
else sysctl -n kern.boottime; date +%s; fi
true`),
  parse(text): Value {
    const [first = '', second = ''] = linesOf(text);
    const boot = /\bsec = (\d+)/.exec(first)?.[1];
    if (boot !== undefined)
      return { seconds: Math.max(0, wholeNumber(second.trim()) - wholeNumber(boot)), boot_time: wholeNumber(boot) };
    return {
      seconds: wholeNumber(/^(\d+)[.\s]/.exec(first)?.[1]),
      boot_time: wholeNumber(/^btime (\d+)$/.exec(second)?.[1]),
    };
  },
  example: { seconds: 86_400, boot_time: 1_700_000_000 },
  fields: {
    'uptime.seconds': 'Seconds since the host was started.',
    'uptime.boot_time': 'When it was started, in seconds since 1970.',
  },
} satisfies FactGroup;
