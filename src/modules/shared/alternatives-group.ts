import type { Sh } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';

/** A link that goes with the main one. */
export interface Subcommand {
  name: string;
  link: string;
  path: string;
}

/** What is asked of one group of alternatives. */
export interface AlternativeWork {
  name: string;
  path: string;
  state: 'present' | 'selected' | 'auto' | 'absent';
  link?: string;
  priority?: number;
  subcommands?: Subcommand[];
}

/** The lines of a probe when nothing is to be done. */
export function alternativeLines({ name, path, state, priority, subcommands = [] }: AlternativeWork): string {
  if (state === 'absent') return `${path} is none of ${name}`;
  const sorted = subcommands.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return [
    `${path} is one of ${name}`,
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...sorted.map((one) => `with ${one.name}: ${one.link} -> ${one.path}`),
    ...(state === 'selected' ? [`selected ${path}`] : []),
    ...(state === 'auto' ? ['mode auto'] : []),
  ].join('\n');
}

/** Prints them for what is there. Status 10 without update-alternatives. */
export function alternativeProbe(work: AlternativeWork): Sh {
  return withTool(work, { missing: '(exit 10)', rest: sh`play_alt_show ${work.state}` });
}

/** Registers the alternative where it is not as asked, then chooses. Subcommands and a priority that nobody speaks of are kept. */
export function alternativeApply(work: AlternativeWork): Sh {
  const { name, path, state, link, priority, subcommands } = work;
  if (state === 'absent') {
    return withTool(work, { missing: 'false', rest: sh`update-alternatives --remove ${name} ${path} >&2` });
  }
  const choose =
    state === 'selected'
      ? sh` &&\nif [ "$play_alt_c" != ${path} ]; then update-alternatives --set ${name} ${path} >&2; fi`
      : state === 'auto'
        ? sh` &&\nif [ "$play_alt_m" = manual ]; then update-alternatives --auto ${name} >&2; fi`
        : raw('');
  const keep = sh`while IFS= read -r play_alt_x && IFS= read -r play_alt_y && IFS= read -r play_alt_z; do
set -- "$@" --slave "$play_alt_x" "$play_alt_y" "$play_alt_z"
done`;
  const slaves = (subcommands ?? []).flatMap((one) => ['--slave', one.link, one.name, one.path]);
  return withTool(work, {
    missing: 'false',
    rest: sh`set --
{
IFS= read -r play_alt_m
IFS= read -r play_alt_c
IFS= read -r play_alt_l
IFS= read -r play_alt_p
${subcommands === undefined ? keep : sh`set -- ${slaves}`}
} <<PLAY_END
$(play_alt_show facts)
PLAY_END
${link === undefined ? raw('') : sh`play_alt_l=${link}\n`}${priority === undefined ? raw('') : sh`play_alt_p=${priority}\n`}if [ -z "$play_alt_l" ]; then echo ${`${name} is new here: link has to say where it is to be`} >&2; false
else
if [ "$(play_alt_show present)" != ${alternativeLines({ ...work, state: 'present' })} ]; then
update-alternatives --install "$play_alt_l" ${name} ${path} "$play_alt_p" "$@" >&2
fi${choose}
fi`,
  });
}

/** Defines `play_alt_show`, which reads what update-alternatives displays (that of Debian or of Red Hat). */
function withTool(work: AlternativeWork, { missing, rest }: { missing: string; rest: Sh }): Sh {
  const { name, path, priority, subcommands } = work;
  const shows = sh`-v priority=${priority === undefined ? 0 : 1} -v subcommands=${subcommands === undefined ? 0 : 1}`;
  return sh`if ! command -v update-alternatives >/dev/null 2>&1; then echo 'there is no update-alternatives here' >&2; ${raw(missing)}
else
play_alt_show() {
LC_ALL=C update-alternatives --display ${name} 2>/dev/null |
play_alt_n=${name} play_alt_p=${path} LC_ALL=C awk -v state="$1" ${shows} ${program}
}
${rest}
fi`;
}

/** With \`facts\`: mode, current path, link and priority, then link, name and path of each subcommand. */
const program = `BEGIN {
name = ENVIRON["play_alt_n"]
path = ENVIRON["play_alt_p"]
}
function after(mark) { return substr($0, index($0, mark) + length(mark)) }
NR == 1 { mode = /manual/ ? "manual" : "auto" }
/^[ \\t]*link currently points to / { current = after("points to "); next }
/^[ \\t]*link best version is / { next }
/^[ \\t]*link [^ ]+ is / { link = after(" is "); next }
/^[ \\t]+(slave|follower) [^ ]+ is / { links[$2] = after(" is "); next }
/^\\/.* - .*priority -?[0-9]+/ {
mine = substr($0, 1, index($0, " - ") - 1) == path
if (mine) { there = 1; number = $0; sub(/.*priority /, "", number); sub(/ .*/, "", number) }
next
}
mine && /^[ \\t]+(slave|follower) [^ ]+: / {
sub_name = substr($2, 1, length($2) - 1)
if (after(": ") == "(null)") next
for (i = ++n; i > 1 && names[i - 1] > sub_name; i--) { names[i] = names[i - 1]; paths[i] = paths[i - 1] }
names[i] = sub_name
paths[i] = after(": ")
}
END {
if (state == "facts") {
print mode; print current; print link; print (there ? number : 50)
for (i = 1; i <= n; i++) { print links[names[i]]; print names[i]; print paths[i] }
exit
}
if (!there) { print path " is none of " name; exit }
print path " is one of " name
if (state == "absent") exit
if (priority) print "priority " number
if (subcommands) for (i = 1; i <= n; i++) print "with " names[i] ": " links[names[i]] " -> " paths[i]
if (state == "selected") print "selected " current
if (state == "auto") print "mode " mode
}`;
