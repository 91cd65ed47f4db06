import type { Sh } from '../../model/resource.ts';
import { raw } from '../../program/sh.ts';
import type { Mode, ModeChange } from './mode.ts';

const all = 0o7777;

/** `find` operands that hold for a file whose mode is not as asked. POSIX forms only: `-perm -BITS` and whole modes. */
export function wrongMode(mode: Mode): Sh {
  if (mode.kind === 'fixed') return raw(`! -perm ${mode.digits}`);
  const anyX = '\\( -perm -100 -o -perm -010 -o -perm -001 \\)';
  const { directory, executable, plain } = mode;
  if (same(directory, executable) && same(executable, plain)) return raw(differs(directory));
  const kinds: [string, ModeChange][] = same(executable, plain)
    ? [
        ['-type d', directory],
        ['! -type d', plain],
      ]
    : [
        ['-type d', directory],
        [`! -type d ${anyX}`, executable],
        [`! -type d ! ${anyX}`, plain],
      ];
  return raw(`\\( ${kinds.map(([kind, change]) => `${kind} ${differs(change)}`).join(' -o ')} \\)`);
}

/** Some bit that must be set is not, or some bit that must be clear is set. */
function differs({ keep, set }: ModeChange): string {
  const clear = all & ~keep & ~set;
  const tests: string[] = [];
  if (set !== 0) tests.push(`! -perm -${octal(set)}`);
  for (let bit = 1; bit <= 0o4000; bit <<= 1) if ((clear & bit) !== 0) tests.push(`-perm -${octal(bit)}`);
  if (tests.length === 0) return '! -name "*"';
  return `\\( ${tests.join(' -o ')} \\)`;
}

function octal(bits: number): string {
  return bits.toString(8).padStart(4, '0');
}

function same(a: ModeChange, b: ModeChange): boolean {
  return a.keep === b.keep && a.set === b.set;
}
