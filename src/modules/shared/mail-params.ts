import { type Static, Type } from 'typebox';
import { choice, flag, text } from './params.ts';

const addresses = (description: string) =>
  Type.Optional(Type.Union([text('An address.'), Type.Array(text('An address.'), { minItems: 1 })], { description }));

const file = Type.Object(
  {
    src: Type.Optional(text('A file of this machine, beside the playbook or in its `files/`.')),
    content: Type.Optional(Type.String({ description: 'Its text, instead of a file.' })),
    name: Type.Optional(text('What it is called in the message; the name of the file when not said.')),
    type: Type.Optional(
      Type.String({
        description: 'What it is, `text/csv`; follows from the name when not said.',
        pattern: '^[A-Za-z0-9][A-Za-z0-9.+_-]*/[A-Za-z0-9][A-Za-z0-9.+_-]*(; *[A-Za-z0-9-]+=[A-Za-z0-9._-]+)*$',
      }),
    ),
    cid: Type.Optional(
      Type.String({
        description: 'Of a picture: what the HTML calls it, `<img src="cid:…">`; its name when not said.',
        pattern: '^[A-Za-z0-9._@+-]+$',
      }),
    ),
  },
  { additionalProperties: false },
);

const files = (description: string) =>
  Type.Optional(
    Type.Union([text('A file.'), Type.Array(Type.Union([text('A file.'), file]))], {
      description,
    }),
  );

/** Parameters of `mail`; those that Ansible's has mean the same. */
export const mailParams = Type.Object(
  {
    host: Type.Optional(text('The mail server, as this machine reaches it.', 'localhost')),
    port: Type.Optional(
      Type.Integer({ description: 'Its port: 25, or 465 with `secure: always`.', minimum: 1, maximum: 65535 }),
    ),
    username: Type.Optional(text('Whom to log in as.')),
    password: Type.Optional(text('The password for it.')),
    token: Type.Optional(text('An OAuth 2 access token for it, which some servers want instead of a password.')),
    secure: Type.Optional(
      choice(
        ['always', 'starttls', 'try', 'never'],
        '`always`: TLS from the start. `starttls`: TLS from there on, or nothing is sent. `try`: TLS where the server offers it, and always for a password or a token that leaves this machine. `never`: no TLS.',
        'try',
      ),
    ),
    verify: Type.Optional(flag('`false`: take any certificate.', true)),
    ca: Type.Optional(text('A PEM file of authorities that are trusted instead of the usual ones.')),
    timeout: Type.Optional(
      Type.Number({ description: 'Seconds that the server may take to answer.', exclusiveMinimum: 0, default: 20 }),
    ),
    ehlohost: Type.Optional(
      Type.String({ description: 'What this machine calls itself.', pattern: '^[A-Za-z0-9.:[\\]-]+$' }),
    ),
    from: Type.Optional(text('Who it is from: `Ann <ann@example.com>` or the address alone.')),
    sender: Type.Optional(text('The same as `from`.')),
    to: addresses('Whom it is for, one address an entry.'),
    cc: addresses('Who gets it, too.'),
    bcc: addresses('Who gets it without the others knowing.'),
    reply_to: addresses('Where answers go.'),
    subject: Type.Optional(text('What it is about.')),
    body: Type.Optional(Type.String({ description: 'The text; the subject again when nothing is said.' })),
    subtype: Type.Optional(choice(['plain', 'html'], 'What `body` is.', 'plain')),
    html: Type.Optional(text('The text as HTML, beside `body` for who reads no HTML.')),
    template: Type.Optional(text('A template that makes the text, in `templates/`.')),
    html_template: Type.Optional(text('A template that makes the HTML; `html_escape` makes values safe in it.')),
    attach: files('Files that come with it: names, or mappings.'),
    inline: files('Pictures that the HTML shows.'),
    headers: Type.Optional(
      Type.Union(
        [
          Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
          Type.Array(Type.String({ pattern: '^[!-9;-<>-~]+=' })),
        ],
        { description: 'More headers: a mapping, or a list of `Name=value`.' },
      ),
    ),
    charset: Type.Optional(choice(['utf-8', 'iso-8859-1', 'us-ascii'], 'How the texts are written.', 'utf-8')),
  },
  { additionalProperties: false },
);

/** What a task says. */
export type MailParams = Static<typeof mailParams>;
/** One attachment or picture of it. */
export type MailFile = Static<typeof file>;
