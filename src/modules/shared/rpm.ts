import type { Sh } from '../../model/resource.ts';
import { sh } from '../../program/sh.ts';
import { badArgs } from './args.ts';

/**
 * Checks what dnf is to take as packages: `nginx`, `nginx-1.24.0`, `nginx-1.2*`, `/usr/bin/nginx`, `perl(JSON)`, a package file or its
 * address. Groups (`@…`) are more than packages, and what begins with `-` would be an option.
 */
export function rpmSpecs(module: string, name: string | string[]): string[] {
  const specs = [
    ...new Set(
      [name]
        .flat()
        .flatMap((text) => text.split(','))
        .map((word) => word.trim()),
    ),
  ];
  return specs.filter((spec) => {
    if (spec.startsWith('@'))
      throw badArgs(module, `"${spec}" is a group, which cannot be looked up`, 'name its packages');
    if (!/^[A-Za-z0-9/][A-Za-z0-9._+:~^()/%=?&@-]*\*?$/.test(spec) && spec !== '' && !isFile(spec))
      throw badArgs(module, `"${spec}" is not the name of a package`);
    return spec !== '';
  });
}

/** One line, `SPEC installed` or `SPEC absent`: by name, with a version or without, or by what packages provide. */
export function rpmLine(spec: string): Sh {
  const there = isFile(spec)
    ? sh`play_pkg_x=$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' ${spec} 2>/dev/null) && rpm -q "$play_pkg_x" >/dev/null 2>&1`
    : spec.endsWith('*')
      ? sh`[ -n "$(rpm -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}\\n' | PREFIX=${spec.slice(0, -1)} awk 'index($0, ENVIRON["PREFIX"]) == 1')" ]`
      : sh`{ rpm -q ${spec} >/dev/null 2>&1 || rpm -q --whatprovides ${spec} >/dev/null 2>&1; }`;
  return sh`if ${there}; then echo ${`${spec} installed`}; else echo ${`${spec} absent`}; fi`;
}

/** Only packages that have this name themselves can be removed. */
export function rpmGoneLine(name: string): Sh {
  return sh`if rpm -q ${name} >/dev/null 2>&1; then echo ${`${name} installed`}; else echo ${`${name} absent`}; fi`;
}

/** Leaves those of the names in play_pkg_w that are installed: zypper refuses to remove anything when one is not. */
export function rpmInstalled(names: string[]): Sh {
  return sh`play_pkg_w=
for play_pkg_x in ${names}; do
if rpm -q "$play_pkg_x" >/dev/null 2>&1; then play_pkg_w="$play_pkg_w $play_pkg_x"; fi
done`;
}

/** `SPEC latest`, or what it is instead; play_pkg_u holds the names for which there is something newer, each on a line. */
export function rpmLatestLine(name: string): Sh {
  return sh`if ! rpm -q ${name} >/dev/null 2>&1 && ! rpm -q --whatprovides ${name} >/dev/null 2>&1; then echo ${`${name} absent`}
else
case "
$play_pkg_u
" in
(*"
"${name}"
"*) echo "$(rpm -q ${name} | tail -n 1), a newer one is there" ;;
(*) echo ${`${name} latest`} ;;
esac
fi`;
}

function isFile(spec: string): boolean {
  return spec.endsWith('.rpm');
}
