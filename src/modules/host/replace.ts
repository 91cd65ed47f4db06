import { Type } from 'typebox';
import type { HostModule } from '../../model/module.ts';
import type { Resource } from '../../model/resource.ts';
import { editFile } from '../shared/edit.ts';
import { replaceAll } from '../shared/edit-replace.ts';
import { text, writing } from '../shared/params.ts';
import { regexCompiler } from '../shared/regex.ts';
import { replacement } from '../shared/replacement.ts';

const params = Type.Object(
  {
    path: text('The file on the host.'),
    regexp: text(
      'What to replace: a regular expression, searched in the whole text; `^` and `$` fit at every line, `\\w`, `\\d` and `\\b` know ASCII.',
    ),
    replace: Type.Optional(
      Type.String({ description: 'What takes its place; may hold `\\1` and `\\g<name>`. Empty when not said.' }),
    ),
    after: Type.Optional(text('Only what comes after the first place that fits this; `.` also fits a newline here.')),
    before: Type.Optional(text('Only what comes before a place that fits this; `.` also fits a newline here.')),
    ...writing,
  },
  { additionalProperties: false },
);

/** Every place of a file that fits a pattern. */
export const replace = {
  name: 'replace',
  on: 'host',
  summary: 'Every place of a file that fitted a pattern holds something else.',
  params,
  result: {
    msg: 'What was done; empty when nothing was.',
    replacements: 'How many places were replaced.',
  },
  examples: [
    { replace: { path: '/etc/hosts', regexp: '(\\s+)old\\.example(\\s|$)', replace: '\\1new.example\\2' } },
    {
      replace: { path: '/etc/shop.ini', after: '\\[cache\\]', before: '\\[', regexp: '^size=.*$', replace: 'size=64' },
    },
    { replace: { path: '/srv/shop/app.conf', regexp: '^debug.*\\n' } },
  ],
  idempotent: true,
  async resource(params): Promise<Resource> {
    const compile = await regexCompiler('replace');
    const pattern = compile('regexp', params.regexp, 'lines');
    const expand = replacement('replace', 'replace', params.replace ?? '', pattern);
    const around = sectionPattern(params);
    const section = around === undefined ? undefined : compile('after and before', around, 'text');
    const replacing = { pattern, expand, ...(section && { section }) };
    return editFile('replace', params, (text) => replaceAll(text, replacing));
  },
} satisfies HostModule<typeof params>;

/** What lies between the two as the group `subsection`: up to the nearest `before`, else up to the last. */
function sectionPattern({ after, before }: { after?: string; before?: string }): string | undefined {
  if (after !== undefined && before !== undefined) return `(?:${after})(?P<subsection>.*?)(?:${before})`;
  if (after !== undefined) return `(?:${after})(?P<subsection>.*)`;
  return before === undefined ? undefined : `(?P<subsection>.*)(?:${before})`;
}
