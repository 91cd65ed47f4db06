import type { Resource } from '../model/resource.ts';

/** Paths, or `any`: nothing is known about where. */
export type Places = readonly string[] | 'any';

/** Where applying a resource may change something. */
export function changes(resource: Resource): Places {
  if (resource.kind === 'edit') return resource.validate === undefined ? [resource.path] : 'any';
  return resource.kind === 'converge' && resource.only !== undefined ? [resource.only] : 'any';
}

/** Where probing a resource looks. */
export function looksAt(resource: Resource): Places {
  if (resource.kind === 'edit') return [resource.path];
  if (resource.kind === 'action') return 'any';
  const paths = resource.probe.flatMap((piece) =>
    'stat' in piece ? piece.stat : 'sum' in piece ? piece.sum : 'link' in piece ? piece.link : [],
  );
  return paths.length === resource.probe.length ? paths : 'any';
}

/** Whether a change may be seen: at the same path, in it, or around it. */
export function mayBeSeen(changed: Places, seen: Places): boolean {
  if (changed === 'any' || seen === 'any') return true;
  return changed.some((one) => seen.some((other) => isWithin(one, other) || isWithin(other, one)));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
