// Who sends and receives datagrams.

/** A numeric IPv4 or IPv6 address and a UDP port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}
