import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Converge, Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { awkOver, rewrite } from '../shared/config-file.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    name: Type.String({
      description:
        'The setting, with dots (`net.ipv4.ip_forward`) or slashes (`net/ipv4/conf/eth0.5/forwarding`, where a name holds a dot).',
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_.:/@*+-]*$',
    }),
    value: Type.Optional(
      Type.Union([Type.String({ minLength: 1 }), Type.Integer()], {
        description: 'The value; several numbers are separated by spaces.',
      }),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the file sets it.', 'present')),
    sysctl_file: Type.Optional(text('The file that sets it when the host starts.', '/etc/sysctl.conf')),
    reload: Type.Optional(
      flag(
        'Load the file when it was changed. A value that the kernel does not take is then not written to the file either.',
        true,
      ),
    ),
    sysctl_set: Type.Optional(flag('Also correct the value that the kernel has now, whenever it is another.')),
    ignoreerrors: Type.Optional(flag('Settings that the kernel does not know are no failure.')),
  },
  { additionalProperties: false },
);

/** A kernel setting, in the file for the next start and in the kernel that runs. */
export const sysctl = {
  name: 'sysctl',
  on: 'host',
  summary: 'A file sets a kernel parameter to a value or does not set it, and the running kernel follows.',
  params,
  result: { name: 'The setting, with dots.', value: 'The value that was asked for; empty when none was.' },
  examples: [
    { sysctl: { name: 'vm.swappiness', value: 10, sysctl_set: true } },
    {
      sysctl: { name: 'net.ipv4.ip_forward', value: 1, sysctl_file: '/etc/sysctl.d/60-router.conf', sysctl_set: true },
    },
    { sysctl: { name: 'kernel.panic', state: 'absent', reload: false } },
  ],
  idempotent: true,
  resource(params): Converge {
    const { state = 'present', reload = true, ignoreerrors = false } = params;
    const key = dotted(params.name);
    const value = wantedValue(params.value, state);
    const file = hostPath('sysctl', 'sysctl_file', params.sysctl_file ?? '/etc/sysctl.conf');
    const lenient = ignoreerrors ? ['-e'] : [];
    const keyWord = commandKey(key);
    const setsNow = value !== undefined && (params.sysctl_set ?? false);
    const write = rewrite(file, awkOver(file, program('write'), { play_k: key, play_v: value ?? '' }));
    const load = reload ? sh` &&\nsysctl ${lenient} -p ${file} >/dev/null` : sh``;
    // What the kernel refuses must not be found in the file by the next run.
    const first = value !== undefined && (setsNow || reload) ? setNow(keyWord, value, ignoreerrors) : sh``;
    const wanted = value === undefined ? `file without ${key}` : `file ${key}=${value}`;
    return {
      kind: 'converge',
      probe: [
        { sh: awkOver(file, program('read'), { play_k: key, play_v: '' }) },
        ...(setsNow ? [{ sh: runningProbe({ key, keyWord, value, lenient: ignoreerrors }) }] : []),
      ],
      expect: setsNow ? `${wanted}\nrunning ${value}` : wanted,
      apply: joinSh([first, sh`case $play_o in\n${wanted}|${`${wanted}\n`}*) ;;\n*)\n${write}${load} ;;\nesac`], ''),
      result: () => ({ name: key, value: value ?? '' }),
    };
  },
} satisfies HostModule<typeof params>;

/** Whichever separator comes first is the one between the parts (sysctl.d(5)). */
function dotted(name: string): string {
  return swapped(name, '/');
}

/** For the command line: with slashes, when a part of the name holds a dot. */
function commandKey(key: string): string {
  return key.includes('/') ? swapped(key, '.') : key;
}

function swapped(name: string, separator: string): string {
  if (/[./]/.exec(name)?.[0] !== separator) return name;
  return name.replaceAll(/[./]/g, (found) => (found === '.' ? '/' : '.'));
}

function wantedValue(value: string | number | undefined, state: 'present' | 'absent'): string | undefined {
  if (state === 'absent') return undefined;
  if (value === undefined) throw badArgs('sysctl', 'value is missing', 'only state: absent goes without one');
  if (/[\r\n]/.test(String(value))) throw badArgs('sysctl', 'value holds several lines');
  // The kernel prints tabs between numbers that were given with spaces.
  const plain = String(value)
    .trim()
    .replaceAll(/[ \t]+/g, ' ');
  if (plain === '') throw badArgs('sysctl', 'value is empty');
  return plain;
}

/** busybox minds `-e` only for files, so a setting that may be unknown is looked up first. */
function setNow(keyWord: string, value: string, lenient: boolean): Sh {
  const set = sh`sysctl -w ${`${keyWord}=${value}`} >/dev/null`;
  return lenient ? sh`{ ! sysctl -n ${keyWord} >/dev/null 2>&1 || ${set}; } &&\n` : sh`${set} &&\n`;
}

/** What the kernel has. A setting that it does not know may come with a kernel module that an earlier task loads. */
function runningProbe({
  key,
  keyWord,
  value,
  lenient,
}: {
  key: string;
  keyWord: string;
  value: string;
  lenient: boolean;
}): Sh {
  const unknown = lenient
    ? sh`echo ${`running ${value}`}`
    : sh`echo ${`the kernel has no setting ${key} (a kernel module that is not loaded?); ignoreerrors: true lets this pass`} >&2; (exit 10)`;
  return sh`if ! command -v sysctl >/dev/null 2>&1; then echo 'there is no sysctl here; it is part of the package procps' >&2; (exit 10)
elif play_sysctl_v=$(sysctl -n ${keyWord} 2>/dev/null); then printf 'running %s\\n' "$play_sysctl_v" | tr -s '\\t ' '  '
else ${unknown}
fi`;
}

/**
 * Reads or writes the lines of one key, whatever the spaces, the separator and the `-` before it (a failure is to be ignored). The last one
 * counts, as it does for sysctl; the first is replaced and the others go.
 */
function program(mode: 'read' | 'write'): string {
  const key = `function key(k) {
sub(/=.*/, "", k); sub(/^[ \\t]*-?[ \\t]*/, "", k); sub(/[ \\t\\r]+$/, "", k)
if (match(k, /[.\\/]/) && substr(k, RSTART, 1) == "/") { gsub(/\\./, "\\001", k); gsub(/\\//, ".", k); gsub(/\\001/, "/", k) }
return k
}
function ours(line) { return line !~ /^[ \\t]*[#;]/ && line ~ /=/ && key(line) == ENVIRON["play_k"] }
`;
  if (mode === 'read') {
    return `${key}ours($0) { v = $0; sub(/^[^=]*=[ \\t]*/, "", v); sub(/[ \\t\\r]+$/, "", v); gsub(/[ \\t]+/, " ", v); found = 1 }
END { if (found) print "file " ENVIRON["play_k"] "=" v; else print "file without " ENVIRON["play_k"] }`;
  }
  return `${key}function put() { if (!done && ENVIRON["play_v"] != "") print ENVIRON["play_k"] "=" ENVIRON["play_v"]; done = 1 }
ours($0) { put(); next }
{ print }
END { put() }`;
}
