import type { ModuleContext } from '../../src/model/module.ts';

/** What modules ask about their surroundings, without a playbook: files come from a mapping, templates stay as they are. */
export function contextWith(files: Record<string, string | Uint8Array> = {}): ModuleContext {
  return {
    env: {},
    check: false,
    async readFile(path) {
      const content = files[path];
      if (content === undefined) throw new Error(`the test has no file ${path}`);
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
    localSource: (path) => (path in files ? path : undefined),
    renderText: (text) => text,
  };
}
