// SPDX-License-Identifier: Apache-2.0

/**
 * A whole number that came over the wire as a float. JavaScript cannot tell
 * 50.0 from 50, but Dynamo does: a float where it wants an integer fails the
 * whole tool event (measured on 1.2.1 to 1.6.1), and some encoders write every
 * epoch time so.
 */
export class WireFloat {
  readonly value: number

  constructor(value: number) {
    this.value = value
  }
}
