import type { ModeChange, Sh } from '../../model/resource.ts';
import { raw } from '../../program/sh.ts';
import type { Mode } from './mode.ts';

const all = 0o7777;

/** `find` operands that hold for a file whose mode is not as asked. POSIX forms only: `-perm -BITS` and whole modes. */
export function wrongMode(mode: Mode): Sh {
  if (mode.kind === 'fixed') return raw(`! -perm ${mode.digits}`);
  const wrong = kindsOf(mode).map(({ kind, change }) => `${kind}${differs(change)}`);
  return raw(wrong.length === 1 ? (wrong[0] ?? '') : `\\( ${wrong.join(' -o ')} \\)`);
}

/**
 * The ways to put right a mode that depends on what is there: `find` operands that hold for what is wrong, and chmod's symbols for it.
 * There is no `X` among them, which chmod of busybox takes for the x bits as they are after the clauses before it. To be done in this order.
 */
export function modeRepairs(mode: Mode & { kind: 'relative' }): { wrong: Sh; symbols: string }[] {
  return kindsOf(mode).map(({ kind, change }) => ({
    wrong: raw(`${kind}${differs(change)}`),
    symbols: symbolsOf(change),
  }));
}

/** Which files are changed in which way, as the start of `find` operands; one kind where all are changed alike. */
function kindsOf({
  directory,
  executable,
  plain,
}: Mode & { kind: 'relative' }): { kind: string; change: ModeChange }[] {
  const anyX = '\\( -perm -100 -o -perm -010 -o -perm -001 \\)';
  if (same(directory, executable) && same(executable, plain)) return [{ kind: '', change: directory }];
  if (same(executable, plain)) {
    return [
      { kind: '-type d ', change: directory },
      { kind: '! -type d ', change: plain },
    ];
  }
  return [
    { kind: '-type d ', change: directory },
    { kind: `! -type d ${anyX} `, change: executable },
    { kind: `! -type d ! ${anyX} `, change: plain },
  ];
}

/** A change in symbols that mean the same whatever the umask and the mode: `u+rw,g-w`. */
export function symbolsOf({ keep, set }: ModeChange): string {
  const clear = all & ~keep & ~set;
  const lettersOf = (bits: number): [string, string][] => [
    ['u', `${letters(bits >> 6)}${bits & 0o4000 ? 's' : ''}`],
    ['g', `${letters(bits >> 3)}${bits & 0o2000 ? 's' : ''}`],
    ['o', letters(bits)],
    ['a', bits & 0o1000 ? 't' : ''],
  ];
  const clauses = (sign: string, bits: number) =>
    lettersOf(bits).flatMap(([who, what]) => (what === '' ? [] : `${who}${sign}${what}`));
  return [...clauses('+', set), ...clauses('-', clear)].join(',');
}

function letters(bits: number): string {
  return `${bits & 4 ? 'r' : ''}${bits & 2 ? 'w' : ''}${bits & 1 ? 'x' : ''}`;
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
