import type {
  ControllerContext,
  ControllerModule,
  ControllerResult,
  HostModule,
  ModuleContext,
} from '../model/module.ts';
import type { Outcome, Resource } from '../model/resource.ts';
import type { Sources } from '../model/span.ts';
import type { Fields } from '../model/value.ts';
import { ProblemError, problem } from '../problems/problem.ts';
import { isMapping } from './about.ts';
import type { Evaluator } from './evaluate.ts';
import { saidBy, throwPlace } from './place.ts';

/** What is needed to tell whose fault it is when an author's function throws. */
export interface Guarding {
  key: string;
  sources: Sources;
  evaluator: Evaluator;
  withDefaults(params: Fields): Fields;
}

/** An author's `resource`, whose mistakes are told as theirs: a throw with its file and line, a value that is no resource. */
export function guardResource(given: HostModule, guarding: Guarding): HostModule['resource'] {
  const { key, withDefaults } = guarding;
  return async (params: unknown, context: ModuleContext): Promise<Resource> => {
    try {
      const made: unknown = await given.resource(withDefaults(params as Fields), context);
      const fault = resourceFault(made);
      if (fault !== undefined)
        throw new ProblemError(problem('E_OWN_RESOURCE', { module: key, what: 'resource', detail: fault }));
      return guardAnswers(made as Resource, guarding);
    } catch (error) {
      throw thrown(error, guarding);
    }
  };
}

/** An author's `run`. In check mode it runs only when it says that it heeds that. */
export function guardRun(given: ControllerModule, guarding: Guarding, heedsCheck: boolean): ControllerModule['run'] {
  const { key, withDefaults } = guarding;
  return async (params: unknown, context: ControllerContext): Promise<ControllerResult> => {
    if (context.check && !heedsCheck) return { changed: false, fields: {}, unknown: 'runs only outside check mode' };
    try {
      const made: unknown = await given.run(withDefaults(params as Fields), context);
      const fault = resultFault(made);
      if (fault !== undefined)
        throw new ProblemError(problem('E_OWN_RESOURCE', { module: key, what: 'run', detail: fault }));
      const { fields = {}, ...result } = made as ControllerResult;
      return { ...result, fields: plain(fields) };
    } catch (error) {
      throw thrown(error, guarding);
    }
  };
}

/** What comes back from the host is read by the author's functions too. */
function guardAnswers(resource: Resource, guarding: Guarding): Resource {
  const { result } = resource;
  const guarded: Resource = {
    ...resource,
    ...(result && {
      result: (outcome: Outcome) => {
        try {
          return plain(result(outcome));
        } catch (error) {
          throw thrown(error, guarding);
        }
      },
    }),
  };
  if (guarded.kind !== 'edit') return guarded;
  const { transform } = guarded;
  return {
    ...guarded,
    transform(text) {
      try {
        return transform(text);
      } catch (error) {
        return { failure: thrown(error, guarding).message };
      }
    },
  };
}

function thrown(error: unknown, { key, evaluator }: Guarding): ProblemError {
  if (error instanceof ProblemError) return error;
  const place = throwPlace(error, evaluator.files());
  const facts = { module: key, detail: saidBy(error), ...(place && { place: `${place.file.shown}:${place.line}` }) };
  return new ProblemError(problem('E_OWN_THREW', facts));
}

/** What is wrong with a resource, in words. */
function resourceFault(made: unknown): string | undefined {
  if (!isMapping(made)) return described(made);
  const isSh = (value: unknown): boolean => isMapping(value) && typeof value['sh'] === 'string';
  switch (made['kind']) {
    case 'converge':
      if (!Array.isArray(made['probe']) || !made['probe'].every(isMapping)) return 'a probe that is no list of pieces';
      if (made['probe'].some((piece) => 'sh' in piece && !isSh(piece.sh)))
        return 'a probe whose sh is not made by the sh tag';
      if (typeof made['expect'] !== 'string' && !isSh(made['expect'])) return 'an expect that is no text';
      return isSh(made['apply']) ? undefined : 'an apply that is not made by the sh tag';
    case 'action':
      return isSh(made['run']) || isMapping(made['run']) ? undefined : 'a run that is not made by the sh tag';
    case 'edit':
      if (typeof made['path'] !== 'string') return 'an edit without a path';
      if (typeof made['transform'] !== 'function') return 'an edit without a transform';
      return isMapping(made['attributes']) ? undefined : 'an edit without attributes';
    default:
      return made['kind'] === undefined ? 'no kind of resource' : `the kind "${String(made['kind'])}"`;
  }
}

function resultFault(made: unknown): string | undefined {
  if (!isMapping(made)) return described(made);
  if (typeof made['changed'] !== 'boolean') return 'nothing that says whether it changed something';
  if (made['failed'] !== undefined && typeof made['failed'] !== 'string') return 'a "failed" that is no text';
  return made['fields'] === undefined || isMapping(made['fields']) ? undefined : '"fields" that are no mapping';
}

function described(value: unknown): string {
  return value === undefined ? 'nothing' : value === null ? 'null' : `a ${typeof value}`;
}

/** Plain data: what a register can hold and a journal can write. */
function plain(fields: Fields): Fields {
  return JSON.parse(JSON.stringify(fields)) as Fields;
}
