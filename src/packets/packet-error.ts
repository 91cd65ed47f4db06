/** A packet that cannot be built, a filter that cannot be read or a file that is no capture; the message is for the author of the task. */
export class PacketError extends Error {}
