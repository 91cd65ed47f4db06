/** An attribute of a message of SQS or SNS. */
interface Attribute {
  DataType: 'String' | 'Number';
  StringValue: string;
}

/** Attributes by name as both services want them: numbers are sent as text that says it is one. */
export function messageAttributes(
  given: Readonly<Record<string, string | number>> | undefined,
): Record<string, Attribute> | undefined {
  if (given === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      { DataType: typeof value === 'number' ? 'Number' : 'String', StringValue: String(value) },
    ]),
  );
}
