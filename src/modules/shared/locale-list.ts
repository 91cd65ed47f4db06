import type { Sh } from '../../model/resource.ts';
import { joinSh, sh } from '../../program/sh.ts';

/** The line a probe prints for a locale when nothing is to be done. */
export function localeLine(name: string, present: boolean): string {
  return present ? `${name} generated` : `${name} absent`;
}

/** Prints how it stands with each locale: whether it can be used, and whether it would outlive the next run of locale-gen. */
export function localeProbe(names: readonly string[]): Sh {
  return joinSh([
    sh`if ! command -v locale-gen >/dev/null 2>&1; then
echo 'there is no locale-gen here; on Debian and Ubuntu the package locales has it' >&2; (exit 10)
else
{ locale -a 2>/dev/null; echo =; if [ -e /etc/locale.gen ]; then cat /etc/locale.gen; fi; } |
play_loc_n=${names.join('\n')} LC_ALL=C awk ${probeProgram}
fi`,
  ]);
}

/** Lists the locales in /etc/locale.gen, or makes their lines comments, and has all that are listed generated. */
export function localeApply(names: readonly string[], present: boolean): Sh {
  return sh`if ! command -v locale-gen >/dev/null 2>&1; then echo 'there is no locale-gen here' >&2; false
elif play_b=$({ if [ -e /etc/locale.gen ]; then cat /etc/locale.gen; fi; echo =; if [ -e /usr/share/i18n/SUPPORTED ]; then cat /usr/share/i18n/SUPPORTED; fi; } |
play_loc_n=${names.join('\n')} LC_ALL=C awk -v present=${present ? 1 : 0} ${listProgram}); then
play_b=$play_b$play_nl
play_put /etc/locale.gen '' '' '' && locale-gen
else printf '%s\\n' "$play_b" >&2; false; fi`;
}

/** `locale -a` spells the character set its own way: en_US.utf8 for en_US.UTF-8. */
const spell = `function spell(name,  dot, at, rest, tail) {
dot = index(name, ".")
if (!dot) return name
rest = substr(name, dot + 1)
at = index(rest, "@")
tail = at ? substr(rest, at) : ""
if (at) rest = substr(rest, 1, at - 1)
gsub(/[^A-Za-z0-9]/, "", rest)
return substr(name, 1, dot) tolower(rest) tail
}
`;

const probeProgram = `${spell}BEGIN { n = split(ENVIRON["play_loc_n"], want, "\\n") }
$0 == "=" { list = 1; next }
!list { made[spell($0)] = 1 }
list { listed[$1] = 1 }
END {
for (i = 1; i <= n; i++) {
name = want[i]
is_made = spell(name) in made
is_listed = (name in listed) || name ~ /^(C|POSIX)(\\.|$)/
if (is_made && is_listed) print name " generated"
else if (is_made) print name " generated, not listed in /etc/locale.gen"
else if (name in listed) print name " listed, not generated"
else print name " absent"
}
}`;

/** First the list, then after \`=\` what could be listed. Ends with 1 and says why when a locale is unknown to both. */
const listProgram = `BEGIN {
n = split(ENVIRON["play_loc_n"], want, "\\n")
for (i = 1; i <= n; i++) wanted[want[i]] = 1
}
$0 == "=" && !list { list = 1; next }
!list {
line[++m] = $0
if ($1 in wanted) active[$1] = m
bare = $0
sub(/^#[ \\t]*/, "", bare)
split(bare, f, /[ \\t]+/)
if (bare != $0 && (f[1] in wanted) && !(f[1] in comment)) { comment[f[1]] = m; text[m] = bare }
}
list && ($1 in wanted) && !($1 in offer) { offer[$1] = $0 }
END {
for (i = 1; i <= n; i++) {
name = want[i]
if (!present || (name in active)) continue
if (name in comment) line[comment[name]] = text[comment[name]]
else if (name in offer) line[++m] = offer[name]
else if (name !~ /^(C|POSIX)(\\.|$)/) { missing = missing " " name }
}
if (missing != "") { print "this host cannot generate" missing ": see /usr/share/i18n/SUPPORTED for what it can"; exit 1 }
for (i = 1; i <= m; i++) {
split(line[i], f, /[ \\t]+/)
print (!present && (f[1] in wanted) ? "# " : "") line[i]
}
}`;
