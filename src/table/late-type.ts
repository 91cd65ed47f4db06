/** Whether a value of a CSV file did not fit what the rows before it had told of its column. */
export function isLateType(error: unknown): boolean {
  return error instanceof Error && /CSV Error on Line|Error when converting column/.test(error.message);
}
