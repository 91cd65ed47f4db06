import type { Surroundings } from '../surroundings.ts';
import { createSecretDesk, type SecretOptions } from './desk.ts';

/** `play secret decrypt FILE`: the plain text on standard output, or in a file for its owner alone. */
export async function decrypt(
  file: string,
  options: SecretOptions & { out?: string },
  around: Surroundings,
): Promise<number> {
  const desk = createSecretDesk(options, around);
  const plain = await desk.open(desk.read(file), file);
  if (options.out === undefined) around.stdout.write(plain);
  else desk.write(options.out, plain);
  return 0;
}
