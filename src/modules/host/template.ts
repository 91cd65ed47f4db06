import { posix } from 'node:path';
import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { badArgs, checkValidate, hostPath } from '../shared/args.ts';
import { flag, sentMode, text, writing } from '../shared/params.ts';
import { decodeText } from '../shared/text.ts';
import { writeFile, writeResult } from '../shared/write.ts';
import { preserved, writtenAttributes } from '../shared/written-attributes.ts';

const params = Type.Object(
  {
    src: text('A Handlebars template of this machine, looked up beside the playbook and in `templates/`.'),
    dest: text('The file on the host; a directory when it ends in `/`, which keeps the name of `src` without `.hbs`.'),
    ...writing,
    mode: sentMode,
    force: Type.Optional(flag('`false`: leave a file alone that is there already.', true)),
  },
  { additionalProperties: false },
);

/** A template, filled in with the variables of each host. */
export const template = {
  name: 'template',
  on: 'host',
  summary: 'A file on the host holds what the template gives for it.',
  params,
  result: writeResult,
  examples: [
    { template: { src: 'shop.conf.hbs', dest: '/etc/shop.conf', mode: '0640', owner: 'root', group: 'shop' } },
    { template: { src: 'nginx.conf.hbs', dest: '/etc/nginx/nginx.conf', validate: 'nginx -t -c %s', backup: true } },
    { template: { src: 'motd.hbs', dest: '/etc/motd' } },
  ],
  idempotent: true,
  reads: { src: 'templates' },
  async resource(params, context): Promise<Resource> {
    checkValidate('template', params.validate);
    const { src, dest } = params;
    const source = decodeText(await context.readFile(src, 'templates'));
    if (source === undefined) throw badArgs('template', `${src} is not text in UTF-8`, 'copy takes any bytes');
    const path = hostPath('template', 'dest', dest);
    const into = dest.endsWith('/');
    return writeFile({
      dest: into
        ? posix.join(
            path,
            posix
              .basename(src)
              .replace(/\.age$/, '')
              .replace(/\.hbs$/, ''),
          )
        : path,
      bytes: new TextEncoder().encode(context.renderText(source, src)),
      attributes: writtenAttributes('template', {
        ...params,
        ...preserved(params.mode, context.localSource(src, 'templates')),
      }),
      ...(params.backup !== undefined && { backup: params.backup }),
      ...(params.validate !== undefined && { validate: params.validate }),
      ...(params.force !== undefined && { force: params.force }),
      ...(into && { directory: { path } }),
    });
  },
} satisfies HostModule<typeof params>;
