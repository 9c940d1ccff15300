// Which addresses there are, and what a message to them asks for.

/** A number that can be set from outside, in its unit. */
export interface AddressedParameter {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** What a patch offers. */
export interface AddressDescription {
  readonly nodes: readonly { readonly id: string; readonly parameters: readonly AddressedParameter[] }[];
  readonly gates: readonly string[];
  /** Addresses that the patch binds, such as /pad/cutoff. They come before nodes of the same address. */
  readonly controls: readonly string[];
}

export interface AddressSpace {
  readonly addresses: readonly string[];
}

export declare function makeAddressSpace(description: AddressDescription): AddressSpace;
