import type { Resource } from '../../src/model/resource.ts';
import { validateParams } from '../../src/modules/validate.ts';
import { ProblemError, sentence } from '../../src/problems/problem.ts';
import { fillIn, resourceOf } from '../modules/rig/cases.ts';
import { runAll } from '../modules/rig/session.ts';
import type { Ended, Side, Task } from './sides.ts';

/** Our own modules, all tasks in one real session of /bin/sh. */
export const playSide: Side = {
  name: 'agreea',
  async run(tasks, { env }) {
    const made = await Promise.all(tasks.map(resourceFor));
    const resources = made.filter((one) => typeof one !== 'string');
    const { ended } = await runAll('/bin/sh', resources, { check: false, env });
    let next = 0;
    return made.map((resource): Ended => {
      if (typeof resource === 'string') return { status: 'failed', fields: {}, message: resource };
      const { status, rc, stdout, fields, failure, observed, expected } = ended[next++]!;
      const reads = resource.kind === 'action' && resource.reads === true;
      const own = resource.result?.({
        rc,
        stdout,
        stderr: '',
        changed: status === 'changed',
        ...(observed !== undefined && { observed }),
        ...(expected !== undefined && { expected }),
      });
      return {
        status: status === 'ok' || (reads && status === 'changed') ? 'ok' : status === 'changed' ? 'changed' : 'failed',
        fields: { ...own, ...fields },
        message: failure ?? observed ?? '',
      };
    });
  },
};

/** What the module makes of the task, or why it refuses it. */
async function resourceFor({ pair, root }: Task): Promise<Resource | string> {
  const [name = '', params = {}] = Object.entries(pair.task)[0] ?? [];
  const issues = await validateParams({ name }, fillIn(params, { root, shell: 'agreea' }));
  if (issues.length > 0) return issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ');
  try {
    return await resourceOf({ ...pair, status: 'ok' }, root, { shell: 'agreea' });
  } catch (error) {
    if (error instanceof ProblemError) return error.problems.map((one) => sentence(one).message).join('; ');
    throw error;
  }
}
