import type { Edit } from '../../model/resource.ts';
import { checkValidate, hostPath } from './args.ts';
import type { AttributeParams } from './attributes.ts';
import type { Regex } from './regex.ts';
import { writtenAttributes } from './written-attributes.ts';

/** Parameters that all edits share. */
export interface EditParams extends AttributeParams {
  path: string;
  backup?: boolean;
  validate?: string;
}

/** An edit of the file that the parameters name. */
export function editFile(module: string, params: EditParams, transform: Edit['transform']): Edit {
  checkValidate(module, params.validate);
  return {
    kind: 'edit',
    path: hostPath(module, 'path', params.path),
    transform,
    attributes: writtenAttributes(module, params),
    // As Ansible's modules do it that make a file.
    makesDirectory: true,
    ...(params.backup !== undefined && { backup: params.backup }),
    ...(params.validate !== undefined && { validate: params.validate }),
  };
}

/** Where something new goes in a file. */
export type Place = 'start' | 'end' | { after: Regex } | { before: Regex };

/** What insertafter and insertbefore say; `BOF` and `EOF` stand for the ends of the file, where they make sense. */
export function placeOf(
  params: { insertafter?: string; insertbefore?: string },
  compile: (param: string, pattern: string) => Regex,
  words: { after: readonly string[] },
): Place {
  const { insertafter, insertbefore } = params;
  if (insertbefore === 'BOF') return 'start';
  if (insertbefore !== undefined) return { before: compile('insertbefore', insertbefore) };
  if (insertafter === undefined || insertafter === 'EOF') return 'end';
  if (insertafter === 'BOF' && words.after.includes('BOF')) return 'start';
  return { after: compile('insertafter', insertafter) };
}
