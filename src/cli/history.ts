import type { Surroundings } from './surroundings.ts';
export async function runs(options: { number: string }, around: Surroundings): Promise<number> {
  around.stdout.write(options.number);
  return 0;
}
export async function show(
  run: string | undefined,
  options: { host?: string; task?: string; output?: boolean },
  around: Surroundings,
): Promise<number> {
  around.stdout.write(`${run} ${options.host}`);
  return 0;
}
