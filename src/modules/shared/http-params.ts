import { type Static, Type } from 'typebox';
import type { Fields, Value } from '../../model/value.ts';
import { choice, flag, text } from './params.ts';

const scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()]);
const fields = (description: string) =>
  Type.Record(Type.String(), Type.Union([scalar, Type.Null(), Type.Array(scalar)]), { description });
const seconds = (description: string) => Type.Number({ description, exclusiveMinimum: 0, maximum: 86_400 });
const anything = (description: string) => Type.Unsafe<Value>({ description });

const account = (description: string) =>
  Type.Object(
    { user: Type.String({ description: 'The user.' }), password: Type.String({ description: 'The password.' }) },
    { description, additionalProperties: false },
  );

const part = Type.Object(
  {
    file: Type.Optional(text('A file that is sent.')),
    text: Type.Optional(Type.String({ description: 'Text that is sent.' })),
    filename: Type.Optional(text("The name that the server is told; the file's own when not said.")),
    type: Type.Optional(text('Its content type; `application/octet-stream` for a file when not said.')),
  },
  { additionalProperties: false },
);

const auth = Type.Object(
  {
    basic: Type.Optional(account('User and password, sent at once.')),
    digest: Type.Optional(account('User and password, of which only digests are sent, when the server asks.')),
    bearer: Type.Optional(text('A token.')),
  },
  { description: 'Who asks: one of `basic`, `digest` and `bearer`.', additionalProperties: false },
);

const timeout = Type.Union(
  [
    seconds('Seconds for the whole.'),
    Type.Object(
      {
        connect: Type.Optional(seconds('Seconds until there is a connection; 10 when not said.')),
        idle: Type.Optional(seconds('Seconds without a byte; 60 when not said.')),
        total: Type.Optional(seconds('Seconds for the whole of one attempt; no limit when not said.')),
      },
      { additionalProperties: false },
    ),
  ],
  { description: 'Seconds for the whole; or a mapping of `connect` (10), `idle` (without a byte, 60) and `total`.' },
);

const retry = Type.Object(
  {
    attempts: Type.Optional(Type.Integer({ description: 'How often in all.', minimum: 1, maximum: 1000, default: 3 })),
    delay: Type.Optional(
      Type.Number({ description: 'Seconds before the second attempt.', minimum: 0, maximum: 86_400, default: 1 }),
    ),
    backoff: Type.Optional(
      Type.Number({ description: 'By how much each pause is longer than the one before.', minimum: 1, default: 2 }),
    ),
    max_delay: Type.Optional(
      Type.Number({
        description: 'Seconds that no pause is longer than; a server that asks for more by Retry-After is a failure.',
        minimum: 0,
        default: 120,
      }),
    ),
    statuses: Type.Optional(
      Type.Array(Type.Integer({ minimum: 100, maximum: 599 }), {
        description: 'Answers after which it is sent again; `[429, 502, 503, 504]` when not said.',
      }),
    ),
    unsafe: Type.Optional(
      flag(
        '`true`: also a POST or PATCH, which may have had its effect already. Without it, only when it was not sent.',
      ),
    ),
  },
  {
    description:
      'Send it again when no answer came, or one of some statuses: `attempts`, `delay`, `backoff`, `statuses`.',
    additionalProperties: false,
  },
);

const status = Type.Union([Type.Integer({ minimum: 100, maximum: 599 }), Type.String({ pattern: '^(any|[1-5]xx)$' })]);

const expect = Type.Object(
  {
    status: Type.Optional(
      Type.Union([status, Type.Array(status)], {
        description: 'A status or several: `200`, `[200, 404]`, `2xx`, `any`; `2xx` when not said.',
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([Type.String(), Type.Boolean()]), {
        description: 'By name, text that the header holds, or `true` or `false` for being there.',
      }),
    ),
    json: Type.Optional(anything('A JSON Schema that the body fits.')),
    text: Type.Optional(
      Type.Union([Type.String(), Type.Array(Type.String())], { description: 'Text that the body holds.' }),
    ),
  },
  { description: 'What the answer has to be; anything else is a failure.', additionalProperties: false },
);

const paginate = Type.Object(
  {
    items: Type.Optional(
      Type.String({ description: 'Where the list is in the body: `data.items`; the body itself when not said.' }),
    ),
    link: Type.Optional(Type.Literal(true, { description: 'The `Link` header names the next page.' })),
    next: Type.Optional(text('Where in the body the URL of the next page is: `links.next`.')),
    cursor: Type.Optional(
      Type.Object(
        { from: text('Where in the body it is: `meta.cursor`.'), query: text('The name in the query that takes it.') },
        { description: 'The body names a mark for the next page.', additionalProperties: false },
      ),
    ),
    page: Type.Optional(
      Type.Object(
        {
          query: text('The name in the query: `page`, `offset`.'),
          start: Type.Optional(Type.Integer({ description: 'The first.', default: 1 })),
          step: Type.Optional(
            Type.Integer({ description: 'What is added: the size of a page for an offset.', default: 1 }),
          ),
          size: Type.Optional(
            Type.Integer({
              description: 'A page with fewer items is the last; without it, one with none.',
              minimum: 1,
            }),
          ),
        },
        { description: 'Pages are counted.', additionalProperties: false },
      ),
    ),
    max_pages: Type.Optional(
      Type.Integer({ description: 'No more than these; 1000 when not said, and more are a failure then.', minimum: 1 }),
    ),
  },
  {
    description: 'Reads page after page into `items`: one of `link`, `next`, `cursor` and `page` says how.',
    additionalProperties: false,
  },
);

/** The parameters of `http`. */
export const httpParams = Type.Object(
  {
    url: Type.String({ description: 'Where: `https://` or `http://`.', pattern: '^[Hh][Tt][Tt][Pp][Ss]?://' }),
    method: Type.Optional(
      Type.String({
        description: 'The method; GET when not said, and POST when there is a body.',
        pattern: '^[A-Za-z][A-Za-z-]*$',
      }),
    ),
    query: Type.Optional(fields('Added to the URL; a list gives the name several times, null leaves it out.')),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.Union([scalar, Type.Null()]), {
        description: 'Headers of the request; null leaves one out that is sent otherwise.',
      }),
    ),
    json: Type.Optional(anything('A value that is sent as JSON.')),
    form: Type.Optional(fields('Fields that are sent as a form.')),
    multipart: Type.Optional(
      Type.Record(Type.String(), Type.Union([scalar, part, Type.Array(part)]), {
        description:
          'Fields and files that are sent as a form: text, or `file` (or `text`) with `filename` and `type`.',
      }),
    ),
    body: Type.Optional(Type.String({ description: 'Text that is sent as it is.' })),
    src: Type.Optional(text('A file that is sent as it is, as it is read; looked up beside the playbook.')),
    auth: Type.Optional(auth),
    session: Type.Optional(text('A name: tasks of the same host that give it share their cookies until the run ends.')),
    timeout: Type.Optional(timeout),
    retry: Type.Optional(retry),
    verify: Type.Optional(flag('`false`: take any certificate.', true)),
    ca: Type.Optional(
      text('A PEM file of authorities that are trusted instead of those that Node knows (or, of a host, its curl).'),
    ),
    cert: Type.Optional(text('A PEM file with a certificate of our own, and its key unless `key` has that.')),
    key: Type.Optional(text('A PEM file with the key of `cert`.')),
    proxy: Type.Optional(
      Type.String({
        description:
          'A proxy, `http://user:password@proxy:3128`; empty: none. When not said, what `http_proxy`, `https_proxy` and `no_proxy` in the `env` of the task say.',
      }),
    ),
    unix_socket: Type.Optional(text('A socket that is connected to, whatever the name in the URL is.')),
    redirects: Type.Optional(
      choice(
        ['safe', 'same_origin', 'all', 'none'],
        'Which are followed: `safe`, but a body goes to no other origin, and nothing from https to http; only within the `same_origin`; `all`; `none`. Credentials, cookies and headers of the task never go to another origin.',
        'safe',
      ),
    ),
    expect: Type.Optional(expect),
    paginate: Type.Optional(paginate),
    dest: Type.Optional(
      text('A file of this machine that gets the body as it comes; in it, under its own name, when it ends in `/`.'),
    ),
    checksum: Type.Optional(
      Type.String({
        description: 'What the file must be, as `sha256:DIGEST`; then one that is right is not asked for.',
        pattern: '^(md5|sha1|sha224|sha256|sha384|sha512):[0-9A-Fa-f]+$',
      }),
    ),
    resume: Type.Optional(flag('`false`: begin anew, where an earlier run was broken off.', true)),
    max_size: Type.Optional(
      Type.Integer({
        description:
          'Bytes of an answer without `dest`, and of all pages together; 8 MiB when not said, 64 MiB for pages.',
        minimum: 1,
      }),
    ),
    allow_local: Type.Optional(
      Type.Boolean({
        description:
          '`true`: it may go to this machine and to link-local addresses (where clouds keep credentials) though the address comes from a host or a server; `false`: never. When not said, only where the URL is wholly of the author.',
      }),
    ),
    from: Type.Optional(
      choice(
        ['controller', 'target'],
        'Who sends: this machine, or the host, by its curl. Files are those of whoever sends.',
        'controller',
      ),
    ),
  },
  { additionalProperties: false },
);

/** As a task gives them. */
export type HttpParams = Static<typeof httpParams>;

/** Fields of a query or a form as pairs: a list gives several, null none. */
export function pairsOf(given: Fields): [string, string][] {
  return Object.entries(given).flatMap(([name, value]) =>
    [value].flat().flatMap((each): [string, string][] => (each === null ? [] : [[name, String(each)]])),
  );
}
