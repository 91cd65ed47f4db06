import { Type } from 'typebox';
import { choice, flag, text, writing } from './params.ts';

/** Parameters of the modules that edit one value of a file with structure. They only build a schema. */
export const valueEditing = Type.Object(
  {
    path: text('The file on the host.'),
    pointer: text(
      'The place of the value (JSON pointer): `/server/port`, `/hosts/0`; `~1` is a slash in a name, `~0` a tilde. An end `/-` stands for the element of a list that has the value.',
    ),
    value: Type.Optional(
      Type.Unknown({ description: 'The value that is to be there. With `absent`: only this value is taken out.' }),
    ),
    state: Type.Optional(choice(['present', 'absent'], 'Whether the value is to be there.', 'present')),
    create: Type.Optional(flag('Make the file when it is missing; otherwise that is a failure.')),
    ...writing,
  },
  { additionalProperties: false },
);
