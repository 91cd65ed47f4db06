import type { Located } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { checkArguments } from '../params/arguments.ts';
import { isPlannedBlock, type Plan } from '../plan/planned.ts';
import type { Problem } from '../problems/problem.ts';

/** What roles are given by `with`, against the parameters that they declare: unknown ones, missing ones, values of another type. */
export function findRefusedRoleArguments(plan: Plan): Problem[] {
  const blocks = plan.plays.flatMap(({ readers }) => readers.filter(isPlannedBlock));
  return blocks.flatMap(({ task, bodies }) =>
    bodies.flatMap(({ params }) => {
      if (!params) return [];
      const none: Located<Fields> = { value: {}, locate: () => task.source.locate([task.kind]) };
      const { problems } = checkArguments(params, task.with ?? none);
      return problems.map((each) => {
        const declared = params.find(({ name }) => 'name' in each.facts && name === each.facts.name);
        if (!declared) return each;
        const also = [{ at: declared.at, label: 'declared here' }];
        return { ...each, also, ...(declared.secret && { hidesLine: true }) };
      });
    }),
  );
}
