import { randomBytes } from 'node:crypto';

/** An id for a run that starts now (milliseconds since the epoch): `20261122-105601.123-a7f3`, in UTC, so that ids sort by time; the end tells runs of one millisecond apart. */
export function newRunId(now: number): string {
  const [date, time] = new Date(now).toISOString().replaceAll(/[-:Z]/g, '').split('T');
  return `${date}-${time}-${randomBytes(2).toString('hex')}`;
}

/** The time in a run id, in milliseconds since the epoch, or undefined when it is not one of ours. */
export function runIdTime(id: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d\.\d{3})-/.exec(id);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
