import { Type } from 'typebox';
import type { ControllerModule } from '../../model/module.ts';
import { text } from '../shared/params.ts';

const params = Type.Object({ msg: Type.Optional(text('Why the play stops here.')) }, { additionalProperties: false });

/** A way to stop with a reason of one's own; usually under a `when`. */
export const fail = {
  name: 'fail',
  on: 'controller',
  summary: 'The host has failed, with a reason.',
  params,
  result: { msg: 'The reason.' },
  examples: [
    { fail: 'needs at least 4 GiB of memory' },
    { fail: { msg: '{{host.name}} runs {{facts.os.name}}, which is not supported' } },
    { name: 'no canary left', fail: 'all canaries failed', when: 'groups.canary.size() == 0' },
  ],
  idempotent: true,
  pure: true,
  shorthand: 'msg',
  run(params) {
    const msg = params.msg ?? 'failed, as the task says';
    return { changed: false, failed: msg, fields: { msg } };
  },
} satisfies ControllerModule<typeof params>;
