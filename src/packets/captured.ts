/** A frame of a capture. `data` is only valid until the next one is read. */
export interface Captured {
  /** Whole seconds since 1970, and the nanoseconds after them. */
  seconds: number;
  nanos: number;
  data: Buffer;
  /** Length on the wire; `data` may be shorter. */
  length: number;
  /** Number of tcpdump.org's list of link types. */
  linkType: number;
}

/** Takes the frames of a capture one after the other; `false` ends the reading. */
export type EachFrame = (frame: Captured) => boolean | undefined;
