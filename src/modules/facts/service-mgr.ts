import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** What runs the services: what is only installed runs nothing, as systemd and runit in many containers. */
export const serviceMgr = {
  name: 'service_mgr',
  summary: 'What runs the services of the host.',
  program: raw(`play_fact_i=
if [ -r /proc/1/comm ]; then read -r play_fact_i </proc/1/comm; fi
if [ -d /run/systemd/system ]; then echo systemd
elif [ "$(uname -s)" = Darwin ]; then echo launchd
elif [ -e /run/openrc/softlevel ] || { command -v openrc-run >/dev/null 2>&1 && command -v rc-service >/dev/null 2>&1; }; then echo openrc
elif [ "$play_fact_i" = runit ] || [ "$play_fact_i" = runsvdir ]; then echo runit
elif [ "$play_fact_i" = s6-svscan ]; then echo s6
elif [ "$play_fact_i" = procd ]; then echo procd
elif [ -d /etc/rc.d ] && command -v sysrc >/dev/null 2>&1; then echo bsdinit
elif [ -d /etc/init.d ]; then echo sysvinit
else echo; fi`),
  parse: firstLine,
  example: 'systemd',
  fields: {
    service_mgr:
      'What runs its services: `systemd`, `openrc`, `runit`, `s6`, `procd`, `sysvinit`, `launchd` or `bsdinit`; empty when it is none of these.',
  },
} satisfies FactGroup;
