import type { BothContext } from '../../model/module.ts';

/** Milliseconds between two lines about a body that takes long. */
const pace = 2_000;

/** Tells from time to time how far a body has come: bytes so far, and all of them when that is known. `what` follows the amount. */
export function progressOf(context: BothContext, what = ''): (moved: number, total: number | undefined) => void {
  let last = Date.now();
  return (moved, total) => {
    if (Date.now() - last < pace) return;
    last = Date.now();
    const percent = total === undefined ? '' : `, ${Math.floor((moved / total) * 100)} %`;
    context.progress(`${(moved / 1024 / 1024).toFixed(1)} MiB${what}${percent}`);
  };
}
