import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { HostModule } from '../../src/model/module.ts';
import type { Edit } from '../../src/model/resource.ts';
import type { Fields } from '../../src/model/value.ts';
import { blockinfile } from '../../src/modules/host/blockinfile.ts';
import { iniFile } from '../../src/modules/host/ini_file.ts';
import { lineinfile } from '../../src/modules/host/lineinfile.ts';
import { replace } from '../../src/modules/host/replace.ts';
import { contextWith } from './context.ts';

/** What ansible-core 2.14.18 (ini_file: community.general 6.6.2) made of a text; recorded once by running its modules. */
interface Case {
  name: string;
  params: Fields;
  /** null: there is no such file. */
  before: string | null;
  failed?: true;
  after?: string | null;
  changed?: boolean;
  /** What a second run of Ansible makes of it, where that changes it again. */
  again?: string;
  /** Where play does something else, and why. */
  play?: { after: string | null; changed: boolean; why: string };
}

const modules = { lineinfile, replace, blockinfile, ini_file: iniFile } as Record<string, HostModule>;

for (const [name, module] of Object.entries(modules)) {
  const cases = JSON.parse(readFileSync(new URL(`${name}/ansible.json`, import.meta.url), 'utf8')) as Case[];
  describe(`${name} does what Ansible does`, () => {
    test.each(cases.map((one) => [one.name + (one.play ? `, except: ${one.play.why}` : ''), one] as const))(
      '%s',
      async (_, { params, before, failed, after, changed, again, play }) => {
        const resource = await module.resource({ path: '/f', ...params }, contextWith());
        const edit = resource as Edit;
        const result = edit.transform(before ?? undefined);
        if (play === undefined && failed) {
          expect(result).toEqual({ failure: expect.stringContaining('does not exist') });
          return;
        }
        if ('failure' in result) throw new Error(result.failure);
        const wanted = play ?? { after, changed };
        expect(result.text ?? null).toBe(wanted.after);
        expect((result.text ?? null) !== before).toBe(wanted.changed);
        expect(edit.transform(result.text)).toMatchObject({ text: again ?? result.text });
      },
    );
  });
}
