import { posix } from 'node:path';
import { type Static, Type } from 'typebox';
import { HttpFault } from '../../http/message.ts';
import type { BothContext, BothModule, ControllerResult } from '../../model/module.ts';
import type { Converge } from '../../model/resource.ts';
import { raw, sh } from '../../program/sh.ts';
import { badArgs, hostPath } from '../shared/args.ts';
import { type Download, digestOf, download, noTool } from '../shared/download.ts';
import { fetchHere } from '../shared/fetch-here.ts';
import { attributes, flag, text } from '../shared/params.ts';
import { writeFile } from '../shared/write.ts';
import {
  attributeShellWords,
  expectFile,
  fileFields,
  settleMode,
  writtenAttributes,
} from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    url: Type.String({
      description: 'Where the file is: `https://`, `http://` or `ftp://`.',
      pattern: '^(https?|ftp)://',
    }),
    dest: text('The file on the host; a directory when it ends in `/`, which keeps the name in the URL.'),
    checksum: Type.Optional(
      Type.String({
        description:
          'What the file must be, as `sha256:DIGEST`; `sha512`, `sha1` and `md5` are known, too. Then a file that is right already is not asked for.',
        pattern: '^(md5|sha1|sha224|sha256|sha384|sha512):[0-9A-Fa-f]+$',
      }),
    ),
    force: Type.Optional(
      flag(
        'Download each time, and replace the file when it differs. Without it a file that is there stays, unless its checksum is another one.',
      ),
    ),
    headers: Type.Optional(Type.Record(Type.String(), Type.String(), { description: 'Headers of the request.' })),
    url_username: Type.Optional(text('User for basic authentication.')),
    url_password: Type.Optional(text('Password of that user.')),
    timeout: Type.Optional(
      Type.Integer({
        description: 'Seconds for the connection, and without a byte; 10 when not said.',
        minimum: 1,
        maximum: 86_400,
      }),
    ),
    validate_certs: Type.Optional(flag('`false`: take any certificate.', true)),
    backup: Type.Optional(flag('Keep the old file beside the new one, with the UTC time in its name.')),
    ...attributes,
  },
  { additionalProperties: false },
);

type Params = Static<typeof params>;

/** A file of a server, downloaded by the host itself, or through the controller where the host has no program for it. */
export const getUrl = {
  name: 'get_url',
  on: 'both',
  summary: 'A file on the host is what a server gives for a URL.',
  params,
  result: {
    dest: 'The file on the host.',
    url: 'Where it came from.',
    via: '`host`, `controller` where the host has neither curl nor wget, or empty when nothing was downloaded.',
  },
  examples: [
    {
      get_url: {
        url: 'https://example.com/app.tar.gz',
        dest: '/opt/app.tar.gz',
        checksum: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
      },
    },
    { get_url: { url: 'https://example.com/tool', dest: '/usr/local/bin/', mode: '0755' } },
    {
      get_url: {
        url: 'https://example.com/private',
        dest: '/srv/private',
        url_username: 'shop',
        url_password: '{{password}}',
        force: true,
      },
      vars: { password: 'secret' },
    },
  ],
  idempotent: true,
  async run(given, context) {
    const work = workOf(given);
    const fields = { dest: work.dest, url: given.url, via: '' };
    const [answer] = await context.visit([resourceOf(work, given.force ?? false)], { mayFail: true });
    if (!answer) throw new Error('the host was not asked');
    if (answer.rc === noTool && answer.failure && !context.check) return throughController(work, { context, fields });
    const changed = answer.status === 'changed' || answer.status === 'would-change';
    if (answer.failure) return { changed: false, failed: `${given.url}: ${answer.failure.message}`, fields };
    const isSame = answer.stdout.toString('utf8').trim() === 'same' && given.force === true;
    return { changed: changed && !isSame, fields: { ...fields, via: changed ? 'host' : '' } };
  },
} satisfies BothModule<typeof params>;

function workOf(given: Params): Download {
  const { url, checksum, headers = {}, url_username: name, url_password: password = '' } = given;
  const folder = hostPath('get_url', 'dest', given.dest);
  const last = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  if (given.dest.endsWith('/') && (last === '' || last.includes('/')))
    throw badArgs('get_url', `${url} ends in no file name`, 'say the whole path in dest');
  for (const [header, value] of Object.entries(headers))
    if (/[\r\n]/.test(header + value)) throw badArgs('get_url', `the header ${header} holds a line break`);
  const [algorithm = '', digest = ''] = checksum?.split(':') ?? [];
  return {
    url,
    dest: given.dest.endsWith('/') ? posix.join(folder, last) : folder,
    attributes: writtenAttributes('get_url', given),
    ...(checksum !== undefined && { checksum: { algorithm, digest: digest.toLowerCase() } }),
    headers: Object.entries(headers),
    ...(name !== undefined && { user: { name, password } }),
    timeout: given.timeout ?? 10,
    validateCerts: given.validate_certs ?? true,
    backup: given.backup ?? false,
  };
}

/** With `force` the server is asked each time, so there is nothing to probe. */
function resourceOf(work: Download, force: boolean): Converge {
  const { dest, checksum, attributes } = work;
  const content = checksum
    ? sh`if [ -f ${dest} ] && [ -r ${dest} ]; then ${digestOf(checksum.algorithm, sh`${dest}`)}; else echo missing; fi`
    : raw(force ? 'echo unknown' : sh`if [ -f ${dest} ]; then echo present; else echo missing; fi`.sh);
  return {
    kind: 'converge',
    probe: [{ stat: dest, fields: fileFields(attributes), follow: true }, { sh: content }],
    expect: expectFile(attributes, { after: checksum?.digest ?? 'present' }),
    apply: sh`${settleMode(attributes)}if case $play_o in *${`\n${checksum?.digest ?? 'present'}`}) : ;; *) false ;; esac; then play_attr ${dest} ${attributeShellWords(attributes)}
else
${download(work)}
fi`,
    only: dest,
    verify: 'apply',
  };
}

/** The controller downloads, checks and sends what came; all of it is in memory meanwhile. */
async function throughController(
  work: Download,
  { context, fields }: { context: BothContext; fields: ControllerResult['fields'] },
): Promise<ControllerResult> {
  const { createHash } = await import('node:crypto');
  let bytes: Buffer;
  try {
    bytes = await fetchHere(work, context);
  } catch (error) {
    if (!(error instanceof HttpFault)) throw error;
    // What else could be done about it are parameters of http.
    const advice = error.advice === undefined ? '' : '; with curl on it, the host asks by itself';
    return { changed: false, failed: `${work.url}: ${error.message}${advice}`, fields };
  }
  const { algorithm = '', digest } = work.checksum ?? {};
  const found = digest === undefined ? undefined : createHash(algorithm).update(bytes).digest('hex');
  if (found !== digest)
    return { changed: false, failed: `${work.url}: the checksum is another one: ${algorithm} ${found}`, fields };
  const [answer] = await context.visit([
    writeFile({ dest: work.dest, bytes, attributes: work.attributes, backup: work.backup }),
  ]);
  return { changed: answer?.status === 'changed', fields: { ...fields, via: 'controller' } };
}
