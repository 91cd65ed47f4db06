import { quoted } from '../../util/quoted.ts';
import { didYouMean, words } from './entry.ts';

/** Mistakes in INI inventories. */
export const iniWords = {
  E_INI_SECTION: words<{ section: string; fault: string }>({
    exit: 2,
    say: (f) => `the section ${quoted(f.section)} cannot be read: ${f.fault}`,
    hint: () => 'sections are [web], [web:children] and [web:vars]',
  }),
  E_INI_SECTION_KIND: words<{ group: string; kind: string; similar?: string }>({
    exit: 2,
    say: (f) => `a section of ${f.group} cannot be of the kind ${quoted(f.kind)}`,
    hint: (f) => didYouMean(f.similar) ?? `sections are [${f.group}], [${f.group}:children] and [${f.group}:vars]`,
  }),
  E_INI_UNKNOWN_GROUP: words<{ name: string; section: string; similar?: string }>({
    exit: 2,
    say: (f) => `[${f.section}] needs the group ${quoted(f.name)}, which is nowhere`,
    hint: (f) => didYouMean(f.similar) ?? `give it a section, also when no host is in it: [${f.name}]`,
  }),
  E_INI_QUOTE: words<{ written: string }>({
    exit: 2,
    say: () => 'a quote is opened here and not closed on this line',
    hint: (f) =>
      f.written.startsWith("'")
        ? `close it, or write "'" around an apostrophe`
        : `close it, or write '"' around a quotation mark`,
  }),
  E_INI_ESCAPE: words<{ written: string }>({
    exit: 2,
    say: () => 'the line ends with a backslash',
    hint: () => 'a host is said on one line; for a backslash itself write two',
  }),
  E_INI_HASH: words<{ written: string }>({
    exit: 2,
    say: (f) => `${quoted(f.written)} holds "#", and everything from there on would be a comment`,
    hint: () => 'put the value in quotes; for a comment, write a space before the "#"',
  }),
  E_INI_WORD: words<{ word: string; spaced: boolean }>({
    exit: 2,
    say: (f) => `${quoted(f.word)} is not of the form name=value`,
    hint: (f) =>
      f.spaced
        ? 'write no spaces around "="'
        : 'a value with spaces needs quotes: name="two words"; one host stands on a line',
  }),
  E_INI_VARIABLE: words<{ written: string; group: string }>({
    exit: 2,
    say: (f) => `${quoted(f.written)} is a variable where a host is expected`,
    hint: (f) => `variables of the group go below [${f.group === 'ungrouped' ? 'all' : f.group}:vars]`,
  }),
  E_INI_VAR: words<{ written: string; group: string; yaml: boolean }>({
    exit: 2,
    say: (f) => `${quoted(f.written)} in [${f.group}:vars] is not of the form name = value`,
    hint: (f) => (f.yaml ? 'this looks like YAML: in an INI inventory it is "=" and not ":"' : undefined),
  }),
  E_INI_CHILD: words<{ written: string; group: string }>({
    exit: 2,
    say: (f) => `${quoted(f.written)} in [${f.group}:children] is not the name of a group`,
    hint: () => 'name one group a line, without variables',
  }),
  E_INI_YAML: words<{ written: string }>({
    exit: 2,
    say: (f) => `${quoted(f.written)} looks like YAML, and this file is read as an INI inventory`,
    hint: () => 'give the file an ending that says what it is: .yml',
  }),
};
