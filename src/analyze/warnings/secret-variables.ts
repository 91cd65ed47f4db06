import type { Located, Sources, Span } from '../../model/span.ts';
import type { Fields } from '../../model/value.ts';
import { isPlannedBlock } from '../../plan/planned.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { WarningContext } from './context.ts';
import { isSecretName } from './secret-names.ts';

/** Variables of a playbook, its tasks and roles that hold a secret as it is. What the inventory holds is not looked at. */
export function findSecretVariables({ plan, sources }: WarningContext): Problem[] {
  const layers = plan.plays.flatMap(({ play, readers, handlers }) => [
    play.vars,
    play.env,
    ...[...readers, ...handlers].flatMap((planned) => {
      const { vars } = planned.task;
      if (!isPlannedBlock(planned))
        return [vars, 'env' in planned.task ? (planned.task.env as Located<Fields>) : undefined];
      const roles = planned.task.bodies.flatMap(({ role }) => [role?.vars, role?.defaults]);
      return [vars, planned.task.with, ...roles];
    }),
  ]);
  return [plan.playbook.vars, ...layers].flatMap((fields) => (fields ? secretsIn(fields, sources) : []));
}

function secretsIn(fields: Located<Fields>, sources: Sources): Problem[] {
  return Object.entries(fields.value).flatMap(([name, value]) => {
    if (typeof value !== 'string' || !isSecretName(name) || !isLiteral(value)) return [];
    const at = fields.locate([name], 'key');
    if (isEncrypted(at, sources)) return [];
    return [{ ...problem('W_SECRET_LITERAL', { name }, at), hidesLine: true }];
  });
}

/** In an encrypted file, or an encrypted value. */
function isEncrypted({ file, end }: Span, sources: Sources): boolean {
  return file.endsWith('.age') || /^["']?\s*:\s*!secret\b/.test(sources.get(file)?.slice(end, end + 40) ?? '');
}

/** Neither read from somewhere else nor the name of a file. */
function isLiteral(value: string): boolean {
  return value !== '' && !value.includes('{{') && !/^[~.]?\//.test(value);
}
