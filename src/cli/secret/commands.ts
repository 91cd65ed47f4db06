import type { Command } from 'commander';
import type { Surroundings } from '../surroundings.ts';
import type { SecretOptions } from './desk.ts';

const collect = (value: string, before: string[]): string[] => [...before, value];

type Recipients = SecretOptions & { recipient: string[] };

/** `play secret …`: keys, and what is encrypted with them. */
export function addSecretCommands(secret: Command, around: Surroundings, done: (exit: number) => void): void {
  secret.enablePositionalOptions();
  const opens = (command: Command): Command =>
    command.option('--identity <file>', 'private key; may be repeated', collect, []);
  const locks = (command: Command): Command =>
    opens(command).option(
      '-r, --recipient <key|file>',
      'public key, or a file of them; may be repeated (default: .play-recipients, or your own)',
      collect,
      [],
    );
  secret
    .command('keygen')
    .description('make a private key, print its public one')
    .option('-o, --out <file>', 'instead of ~/.config/play/identity')
    .action(async (options: { out?: string }) => done(await (await import('./keygen.ts')).keygen(options, around)));
  locks(secret.command('encrypt [files...]').description('write FILE.age, which only the recipients can read'))
    .option('--value', 'encrypt what is typed or piped in, as YAML to be pasted')
    .action(async (files: string[], options: Recipients & { value?: boolean }) =>
      done(await (await import('./encrypt.ts')).encrypt(files, options, around)),
    );
  opens(secret.command('decrypt <file>').description('print the plain text'))
    .option('-o, --out <file>', 'write it to a file instead')
    .action(async (file: string, options: SecretOptions & { out?: string }) =>
      done(await (await import('./decrypt.ts')).decrypt(file, options, around)),
    );
  locks(secret.command('edit <file>').description('open it in $EDITOR, encrypt it again')).action(
    async (file: string, options: Recipients) => done(await (await import('./edit.ts')).edit(file, options, around)),
  );
  locks(
    secret.command('rekey <files...>').description('encrypt files, and !secret values in YAML files, for others'),
  ).action(async (files: string[], options: Recipients) =>
    done(await (await import('./rekey.ts')).rekey(files, options, around)),
  );
}
