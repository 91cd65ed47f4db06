import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** What runs the services. The first process decides, as what is only installed runs nothing: containers often have systemd so. */
export const serviceMgr = {
  name: 'service_mgr',
  summary: 'What runs the services of the host.',
  program: raw(`if [ -d /run/systemd/system ]; then echo systemd
elif [ "$(uname -s)" = Darwin ]; then echo launchd
elif [ -e /run/openrc/softlevel ] || { command -v openrc-run >/dev/null 2>&1 && command -v rc-service >/dev/null 2>&1; }; then echo openrc
elif [ -d /run/runit ] || [ -d /etc/runit/runsvdir ]; then echo runit
elif [ -d /run/s6-rc ] || [ -d /run/s6 ]; then echo s6
elif [ -d /etc/rc.d ] && command -v sysrc >/dev/null 2>&1; then echo bsdinit
elif [ -x /etc/rc.common ]; then echo procd
elif [ -d /etc/init.d ]; then echo sysvinit
else echo; fi`),
  parse: firstLine,
  fields: {
    service_mgr:
      'What runs its services: `systemd`, `openrc`, `runit`, `s6`, `procd`, `sysvinit`, `launchd` or `bsdinit`; empty when it is none of these.',
  },
} satisfies FactGroup;
