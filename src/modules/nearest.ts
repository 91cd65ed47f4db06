/** One error as ajv reports it. */
export interface RawIssue {
  instancePath: string;
  schemaPath: string;
  keyword: string;
  params: Record<string, unknown>;
  message?: string;
}

/**
 * Says each mistake once. Where a schema offers alternatives, ajv reports the errors of every one of them and the choice itself.
 * A value of the right kind for one alternative is told what that one wants; any other value is told which kinds there are.
 */
export function nearest(issues: readonly RawIssue[]): RawIssue[] {
  let left = [...issues];
  const choices = issues.filter((issue) => issue.keyword === 'anyOf' || issue.keyword === 'oneOf');
  // Longest schema path first: a choice inside a choice is settled before the outer one looks at it.
  choices.sort((a, b) => b.schemaPath.length - a.schemaPath.length);
  for (const choice of choices) {
    const branches = [...byBranch(choice, left).values()];
    const inside = new Set(branches.flat());
    if (inside.size === 0) continue;
    const settled = settle(choice, branches);
    left = left.flatMap((issue) => (issue === choice ? settled : inside.has(issue) ? [] : [issue]));
  }
  return left;
}

/** The errors below a choice, by alternative. */
function byBranch(choice: RawIssue, issues: readonly RawIssue[]): Map<string, RawIssue[]> {
  const branches = new Map<string, RawIssue[]>();
  const start = `${choice.schemaPath}/`;
  for (const issue of issues) {
    if (issue === choice || !issue.schemaPath.startsWith(start) || !isAtOrBelow(issue, choice)) continue;
    const branch = issue.schemaPath.slice(start.length).split('/', 1)[0] ?? '';
    branches.set(branch, [...(branches.get(branch) ?? []), issue]);
  }
  return branches;
}

/** Two items of one list share their schema paths; the place in the value tells them apart. */
function isAtOrBelow(issue: RawIssue, choice: RawIssue): boolean {
  return issue.instancePath === choice.instancePath || issue.instancePath.startsWith(`${choice.instancePath}/`);
}

function settle(choice: RawIssue, branches: RawIssue[][]): RawIssue[] {
  const wrongKind = (issue: RawIssue) => issue.keyword === 'type' && issue.instancePath === choice.instancePath;
  const reached = branches.filter((branch) => !branch.some(wrongKind));
  reached.sort((a, b) => a.length - b.length);
  const [closest] = reached;
  if (closest) return closest;
  const types = [
    ...new Set(
      branches
        .flat()
        .filter(wrongKind)
        .flatMap((issue) => issue.params['type'] ?? []),
    ),
  ];
  return [{ ...choice, keyword: 'type', params: { type: types }, message: `must be ${types.join(' or ')}` }];
}
