// What the subscribers of the OSC server are told.

/** `device` goes out as /amp/status/device. Numbers are sent as float32, bigints as int64. */
export type StatusReport = Readonly<Record<string, readonly (number | bigint | string)[]>>;
