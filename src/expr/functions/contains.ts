import type { Argument, ExpressionFunction } from '../functions.ts';
import { plain } from '../plain.ts';

export const contains: ExpressionFunction = {
  name: 'contains',
  summary: 'Whether a list holds an item; the same as `item in list`. (Texts have it in CEL itself.)',
  overloads: {
    'list.contains(dyn): bool': (list: Argument[], item: Argument) => {
      const wanted = JSON.stringify(plain(item));
      return list.some((one) => JSON.stringify(plain(one)) === wanted);
    },
  },
  examples: [
    { expression: '["a", "b"].contains("a")', result: true },
    { expression: '"nginx".contains("gin")', result: true },
  ],
};
