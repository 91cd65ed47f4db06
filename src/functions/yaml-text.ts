import { parseAllDocuments, stringify } from 'yaml';
import type { Value } from '../model/value.ts';
import { FunctionError } from './function.ts';
import { plainValue } from './plain-value.ts';

/** The documents of a YAML 1.2 text as plain data. Throws FunctionError with the place of the first mistake. */
export function readYamlText(text: string): Value[] {
  // `<<` is of YAML 1.1, and so common that every reader knows it.
  const options = { prettyErrors: true, uniqueKeys: true, logLevel: 'silent', merge: true } as const;
  const documents = parseAllDocuments(text, options);
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error) {
      const at = error.linePos?.[0];
      const [reason = ''] = error.message.split(/ at line |\n/);
      throw new FunctionError(`this is not YAML: ${reason}${at ? ` (line ${at.line}, column ${at.col})` : ''}`);
    }
    try {
      // Aliases may make a small text huge.
      return plainValue(document.toJS({ maxAliasCount: 100 }));
    } catch (thrown) {
      if (thrown instanceof FunctionError) throw thrown;
      throw new FunctionError('this YAML has too many aliases');
    }
  });
}

/** A value as YAML that readers of version 1.1 understand too: a text like `yes` stands in quotes. */
export function writeYamlText(value: Value, indent: number): string {
  const options = { indent, lineWidth: 0, compat: 'yaml-1.1', aliasDuplicateObjects: false } as const;
  return stringify(value, options);
}
