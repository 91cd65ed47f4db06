import type { Outcome, Verdict } from '../model/resource.ts';
import type { Fields, Value } from '../model/value.ts';

/** What a program that is a module may answer beside fields of its own. */
const OWN = new Set(['changed', 'failed', 'diff', 'facts']);

/**
 * Reads the answer of a program: one JSON mapping on standard output with `changed` (true or false), and if it likes `failed`, `msg`,
 * `diff` (text), `facts` and fields of its own. A status other than 0 is a failure, whatever it says.
 */
export function readAnswer(
  { rc, stdout }: Outcome,
  options: { module: string; check: boolean; fields: readonly string[]; facts: readonly string[] },
): Verdict {
  const { module, check, facts } = options;
  const answer = parsed(stdout);
  const refused = (failure: string, hint?: string): Verdict => ({
    status: 'failed',
    fields: nothing,
    unread: true,
    failure,
    ...(hint !== undefined && { hint }),
  });
  const nothing = Object.fromEntries(options.fields.map((name) => [name, null]));
  if (rc !== 0 && !answer) return { status: 'failed', fields: nothing, unread: true };
  if (!answer) {
    const said = stdout.trim() === '' ? 'nothing' : `"${excerpt(stdout)}"`;
    return refused(
      `the module "${module}" must answer with one JSON mapping on standard output, and said ${said}`,
      'what is for people goes to standard error',
    );
  }
  const own = Object.fromEntries(Object.entries(answer).filter(([name]) => !OWN.has(name)));
  const fields = { ...nothing, ...own };
  if (rc !== 0 || answer['failed'] === true) {
    const msg = answer['msg'];
    const status = rc === 0 ? '' : `, with status ${rc}`;
    return {
      status: 'failed',
      fields,
      failure: typeof msg === 'string' && msg !== '' ? msg : `the module says that it failed${status}`,
    };
  }
  const { changed, diff } = answer;
  if (typeof changed !== 'boolean') {
    return refused(
      `the answer of the module "${module}" does not say whether it changed something`,
      '"changed" is true or false',
    );
  }
  const learned = answer['facts'];
  if (learned !== undefined && !isFields(learned))
    return refused(`the "facts" of the module "${module}" are no mapping`);
  const strange = Object.keys(learned ?? {}).find((name) => !facts.includes(name));
  if (strange !== undefined) {
    return refused(
      `the module "${module}" gives the fact "${strange}", which its description does not name`,
      `add it: "facts": { "${strange}": "…" }`,
    );
  }
  return {
    status: !changed ? 'ok' : check ? 'would-change' : 'changed',
    fields,
    ...(typeof answer['msg'] === 'string' && { message: answer['msg'] }),
    ...(typeof diff === 'string' && diff !== '' && { diff: diff.endsWith('\n') ? diff : `${diff}\n` }),
    ...(learned && { facts: learned }),
  };
}

function parsed(text: string): Fields | undefined {
  try {
    const value: Value = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function excerpt(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
