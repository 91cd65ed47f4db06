import { Type } from 'typebox';
import type { ShellText } from '../../model/module.ts';

/** Builders of the parameters that several modules have. They only build schemas: nothing here is read while tasks run. */

/** Text that may not be empty. */
export const text = (description: string, byDefault?: string) =>
  Type.String({ description, minLength: 1, ...(byDefault !== undefined && { default: byDefault }) });

/** One of a few words. */
export const choice = <const T extends string>(values: T[], description: string, byDefault?: T) =>
  Type.Unsafe<T>({ type: 'string', enum: values, description, ...(byDefault !== undefined && { default: byDefault }) });

/** A yes or no. Defaults in schemas are for people to read: nothing is filled in. */
export const flag = (description: string, byDefault = false) => Type.Boolean({ description, default: byDefault });

/** Shell text of the author: a string in the playbook, text and variables once rendered. */
export const shellText = (description: string) => Type.Unsafe<ShellText>({ type: 'string', description, minLength: 1 });

/** A command line of the author: a string in the playbook, words once rendered. */
export const shellWords = (description: string) => Type.Unsafe<string[]>({ type: 'string', description, minLength: 1 });

/** Octal digits or chmod's symbols; numbers have become four digits when the YAML was read. */
const modes = '[0-7]{3,4}|[ugoa]*[-+=]([rwxXst]*|[ugo])(,[ugoa]*[-+=]([rwxXst]*|[ugo]))*';

/** A file mode. */
export const mode = (description: string) => Type.String({ description, pattern: `^(${modes})$` });

/** The mode of a file that comes from this machine. */
export const sentMode = Type.Optional(
  Type.String({
    description:
      'Permissions: octal (`0644`), symbols (`u=rw,g+r`), or `preserve`: those of the file of this machine. Left as they are when not said.',
    pattern: `^(${modes}|preserve)$`,
  }),
);

/** A user or a group: its name or its number. */
export const account = (description: string) =>
  Type.Union([Type.String({ minLength: 1 }), Type.Integer({ minimum: 0 })], { description });

/** Who owns a file and who may do what with it. */
export const attributes = {
  mode: Type.Optional(mode('Permissions: octal (`0644`) or symbols (`u=rw,g+r`); left as they are when not said.')),
  owner: Type.Optional(account('User that owns the file: a name or a number.')),
  group: Type.Optional(account('Group of the file: a name or a number.')),
};

/** Names of packages, one or several. */
export const packageList = (description: string) =>
  Type.Union([text('A package.'), Type.Array(text('A package.'))], { description });

/** Words that are given as a list, or joined by commas. */
export const wordList = (description: string) =>
  Type.Union([Type.String(), Type.Array(text('One of them.'))], { description });

/** What every module that writes a file offers. */
export const writing = {
  ...attributes,
  backup: Type.Optional(flag('Keep the old file beside the new one, with the UTC time in its name.')),
  validate: Type.Optional(
    text('A command that checks the new file before it takes the place of the old one; `%s` stands for its path.'),
  ),
};

/** What every module that runs the author's code offers beside the code. */
export const running = {
  chdir: Type.Optional(text('Directory to run in; the task key `cwd` means the same for all modules.')),
  creates: Type.Optional(text('Do not run when this path exists. May hold `*`, `?` and `[…]`.')),
  removes: Type.Optional(text('Run only when this path exists. May hold `*`, `?` and `[…]`.')),
};

/** Text on standard input. */
export const stdin = Type.Optional(
  Type.String({ description: 'Text on standard input, ended with a newline; empty when not said.' }),
);
