import { literalPattern } from '../util/literal-pattern.ts';
import type { PlannedPlay } from './planned.ts';

/** The names that `add_host` and `group_by` may give to hosts and groups. */
export interface JoiningNames {
  /** Whether there is such a task at all. */
  any: boolean;
  /** Whether one of them may make this host or group, or one that this pattern means. */
  may(name: string): boolean;
}

/** Collects them; what is written as a template may become anything in its place. */
export function joiningNames(plays: readonly PlannedPlay[]): JoiningNames {
  const tasks = plays.flatMap((play) => [...play.tasks, ...play.handlers]);
  const written = tasks.flatMap(({ module, task }): unknown[] => {
    const { name, groups, key, parents } = task.args.value;
    if (module.name === 'add_host') return [name, groups].flat();
    return module.name === 'group_by' ? [key, parents].flat() : [];
  });
  const texts = written.flatMap((text) => (typeof text === 'string' ? splitNames(text) : []));
  const patterns = texts.map(
    (text) =>
      new RegExp(
        `^${text
          .split(/\{\{.*?\}\}/)
          .map(escaped)
          .join('.*')}$`,
      ),
  );
  return {
    any: texts.length > 0,
    may: (name) => texts.length > 0 && (/[*?[~]/.test(name) || patterns.some((pattern) => pattern.test(name))),
  };
}

function splitNames(text: string): string[] {
  if (text.includes('{{')) return [text.trim()];
  return text.split(',').map((name) => name.trim());
}

function escaped(text: string): string {
  return literalPattern(text).replaceAll(/\s/g, '-');
}
