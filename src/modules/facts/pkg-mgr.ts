import type { FactGroup } from '../../model/fact.ts';
import { raw } from '../../program/sh.ts';
import { firstLine } from '../shared/fact-text.ts';

/** What installs packages: the first that is there, those of the system before those that can be added to any. */
export const pkgMgr = {
  name: 'pkg_mgr',
  summary: 'What installs packages on the host.',
  program: raw(`PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin:/opt/homebrew/bin
play_fact_m=
for play_x in apt-get:apt dnf5:dnf5 dnf:dnf yum:yum zypper:zypper apk:apk pacman:pacman emerge:portage xbps-install:xbps opkg:opkg pkg:pkgng brew:homebrew; do
if command -v "\${play_x%:*}" >/dev/null 2>&1; then play_fact_m=\${play_x#*:}; break; fi
done
echo "$play_fact_m"`),
  parse: firstLine,
  example: 'apt',
  fields: {
    pkg_mgr:
      'What installs its packages: `apt`, `dnf5`, `dnf`, `yum`, `zypper`, `apk`, `pacman`, `portage`, `xbps`, `opkg`, `pkgng` or `homebrew`; empty when it is none of these.',
  },
} satisfies FactGroup;
