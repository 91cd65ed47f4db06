import type { ParamDeclaration } from '../model/param.ts';
import type { Fields, Value } from '../model/value.ts';
import { readDeclarations } from './declarations.ts';

/** What has to be known of a playbook before its command line can be read. */
export interface BookHead {
  /** The commands that it has, in order; none: it is one thing to do. */
  commands: { name: string; help?: string }[];
  /** Those of the file, and of the command that is meant. */
  params: ParamDeclaration[];
}

/** Reads it from the content of the file, faulty as it may be: what is wrong is told when the playbook itself is read. */
export function bookHead(content: Value, entry: string | undefined): BookHead {
  if (!isFields(content)) return { commands: [], params: [] };
  const commands = isFields(content['commands']) ? content['commands'] : {};
  const own = entry !== undefined && Object.hasOwn(commands, entry) ? commands[entry] : undefined;
  const params = { ...paramsIn(content), ...(isFields(own) && paramsIn(own)) };
  return {
    commands: Object.entries(commands).map(([name, command]) => {
      const help = isFields(command) ? command['help'] : undefined;
      return { name, ...(typeof help === 'string' && { help }) };
    }),
    params: readDeclarations({ value: params, locate: () => ({ file: '', start: 0, end: 0 }) }).declarations,
  };
}

function paramsIn(mapping: Fields): Fields {
  const { params } = mapping;
  return isFields(params) ? params : {};
}

function isFields(value: Value | undefined): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
