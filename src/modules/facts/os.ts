import type { FactGroup } from '../../model/fact.ts';
import type { Value } from '../../model/value.ts';
import { raw } from '../../program/sh.ts';
import { linesOf } from '../shared/fact-text.ts';

/** Family by the id of a distribution, or of one that it is like. */
const families: Record<string, string> = {
  debian: 'debian',
  ubuntu: 'debian',
  rhel: 'redhat',
  fedora: 'redhat',
  centos: 'redhat',
  rocky: 'redhat',
  almalinux: 'redhat',
  ol: 'redhat',
  amzn: 'redhat',
  suse: 'suse',
  sles: 'suse',
  opensuse: 'suse',
  alpine: 'alpine',
  arch: 'arch',
  gentoo: 'gentoo',
  macos: 'darwin',
  freebsd: 'freebsd',
};

/** Which system it is, as /etc/os-release tells (os-release(5)); without it as uname does. */
export const os = {
  name: 'os',
  summary: 'The operating system and its release.',
  program: raw(`for play_file in /etc/os-release /usr/lib/os-release; do
if [ -r "$play_file" ]; then cat "$play_file"; break; fi
done
echo "uname=$(uname -s) $(uname -r)"
if command -v sw_vers >/dev/null 2>&1; then echo "sw_vers=$(sw_vers -productVersion)"; fi`),
  parse: parseOs,
  example: {
    family: 'debian',
    id: 'debian',
    name: 'Debian GNU/Linux 12 (bookworm)',
    version: '12',
    version_major: 12,
    codename: 'bookworm',
    like: [],
  },
  fields: {
    'os.family':
      'What it descends from: `debian`, `redhat`, `suse`, `alpine`, `arch`, `gentoo`, `darwin`, `freebsd`; else the same as the id.',
    'os.id': 'The distribution: `debian`, `ubuntu`, `rocky`, `alpine`.',
    'os.name': 'The whole name, for people: `Debian GNU/Linux 12 (bookworm)`.',
    'os.version': 'The release as text: `12`, `22.04`, `3.19.1`; empty for systems without releases.',
    'os.version_major': 'The first number of the release; 0 for systems without releases.',
    'os.codename': 'The name of the release: `bookworm`; empty when it has none.',
    'os.like': 'Ids of the distributions it is built on, nearest first.',
  },
} satisfies FactGroup;

function parseOs(text: string): Value {
  const fields = new Map<string, string>();
  for (const line of linesOf(text)) {
    const found = /^([A-Za-z0-9_]+)=(.*)$/.exec(line);
    if (found) fields.set(found[1] ?? '', unquote(found[2] ?? ''));
  }
  const [system = '', release = ''] = (fields.get('uname') ?? '').split(' ');
  const mac = fields.get('sw_vers');
  const id = mac !== undefined ? 'macos' : (fields.get('ID') ?? system).toLowerCase();
  const version = mac ?? fields.get('VERSION_ID') ?? (fields.has('ID') ? '' : release);
  const like = (fields.get('ID_LIKE') ?? '').split(/\s+/).filter((word) => word !== '');
  const parent = [id, ...like]
    .map((word) => word.replace(/^opensuse-.*/, 'opensuse'))
    .find((word) => Object.hasOwn(families, word));
  return {
    family: parent === undefined ? id : (families[parent] ?? id),
    id,
    name: fields.get('PRETTY_NAME') ?? (mac === undefined ? `${system} ${release}` : `macOS ${mac}`),
    version,
    version_major: Number(/^\d{1,6}/.exec(version)?.[0] ?? 0),
    codename:
      fields.get('VERSION_CODENAME') ?? /\(([^)]*)\)/.exec(fields.get('VERSION') ?? '')?.[1]?.toLowerCase() ?? '',
    like,
  };
}

/** A value as a shell would read it: in one kind of quotes, backslashes before special characters. */
function unquote(text: string): string {
  const inner = /^"(.*)"$|^'(.*)'$/.exec(text.trim());
  return inner ? (inner[1] ?? inner[2] ?? '').replaceAll(/\\([\\"'$`])/g, '$1') : text.trim();
}
