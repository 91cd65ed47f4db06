/** An answer of AWS that says no. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/**
 * What the front of most services says about an input beyond the limits of the model, e.g. in
 * https://github.com/disneystreaming/ssm-helpers/pull/47 and https://github.com/flanksource/config-db/pull/35.
 */
export function beyondModel(value: unknown, field: string, constraint: string): AwsError {
  const text = `1 validation error detected: Value '${String(value)}' at '${field}' failed to satisfy constraint: Member must ${constraint}`;
  return new AwsError('ValidationException', text);
}

/** Refuses a number outside its limits. */
export function within(value: number | undefined, field: string, [least, most]: [number, number]): void {
  if (value === undefined) return;
  if (value > most) throw beyondModel(value, field, `have value less than or equal to ${most}`);
  if (value < least) throw beyondModel(value, field, `have value greater than or equal to ${least}`);
}

/** Refuses a list that is too long. */
export function atMost(list: readonly unknown[] | undefined, field: string, most: number): void {
  if (list && list.length > most) {
    throw beyondModel(`[${list.join(', ')}]`, field, `have length less than or equal to ${most}`);
  }
}
