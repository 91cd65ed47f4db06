import { type Static, Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkArgs } from '../shared/args.ts';
import { editFile } from '../shared/edit.ts';
import { ensureLimit } from '../shared/edit-limit.ts';
import { choice, flag, text } from '../shared/params.ts';

const params = Type.Object(
  {
    domain: Type.String({ description: 'Whom it is about: a user, `@group`, `*`.', pattern: '^[^\\s#]+$' }),
    limit_type: choice(['soft', 'hard', '-'], 'Which limit; `-` is both.'),
    limit_item: choice(
      [
        'core',
        'data',
        'fsize',
        'memlock',
        'nofile',
        'rss',
        'stack',
        'cpu',
        'nproc',
        'as',
        'maxlogins',
        'maxsyslogins',
        'priority',
        'locks',
        'sigpending',
        'msgqueue',
        'nice',
        'rtprio',
        'chroot',
      ],
      'What is limited, see limits.conf(5).',
    ),
    value: Type.Union([Type.String({ minLength: 1 }), Type.Integer()], {
      description: 'A number, or `unlimited`; -20 to 19 for `nice` and `priority`.',
    }),
    use_max: Type.Optional(flag('Keep a larger value that is there.')),
    use_min: Type.Optional(flag('Keep a smaller value that is there.')),
    comment: Type.Optional(Type.String({ description: 'Comment of the line, when it is written.' })),
    dest: Type.Optional(text('The file; made when it is missing.', '/etc/security/limits.conf')),
    backup: Type.Optional(flag('Keep the old file beside the new one, with the UTC time in its name.')),
  },
  { additionalProperties: false },
);

/** Limits that sessions get when they begin. */
export const pamLimits = {
  name: 'pam_limits',
  on: 'host',
  summary: 'New sessions of a user or a group have this limit.',
  params,
  result: { msg: 'The line that was written; empty when none was.' },
  examples: [
    { pam_limits: { domain: 'shop', limit_type: 'soft', limit_item: 'nofile', value: 65536 } },
    { pam_limits: { domain: '@build', limit_type: '-', limit_item: 'memlock', value: 'unlimited', comment: 'ours' } },
    { pam_limits: { domain: '*', limit_type: 'hard', limit_item: 'nproc', value: 4096, use_min: true } },
  ],
  idempotent: true,
  exclusive: [['use_max', 'use_min']],
  resource(params): Resource {
    checkArgs(pamLimits, params);
    const { domain, limit_type: type, limit_item: item, comment = '', use_max, use_min, backup } = params;
    if (/[\r\n\0]/.test(comment)) throw badArgs('pam_limits', 'comment is one line');
    const limit = {
      domain,
      type,
      item,
      value: limitValue(params),
      comment,
      prefer: use_max ? 'max' : use_min ? 'min' : 'new',
    } as const;
    const file = { path: params.dest ?? '/etc/security/limits.conf', ...(backup !== undefined && { backup }) };
    // Nothing would read limits from a directory that is not there.
    return { ...editFile('pam_limits', file, (old) => ensureLimit(old, limit)), makesDirectory: false };
  },
} satisfies HostModule<typeof params>;

function limitValue({ limit_item: item, value }: Static<typeof params>): string {
  const text = String(value);
  if (['nice', 'priority'].includes(item)) {
    if (/^-?\d{1,2}$/.test(text) && Number(text) >= -20 && Number(text) <= 19) return text;
    throw badArgs('pam_limits', `${item} goes from -20 to 19, not "${text}"`);
  }
  if (/^(unlimited|infinity|-1|\d+)$/.test(text)) return text;
  throw badArgs('pam_limits', `"${text}" is no limit`, 'a number from 0, or unlimited');
}
