// SPDX-License-Identifier: Apache-2.0

/** From a time on a counter has this value. */
@external('host', 'tell')
export declare function tell(counter: u32, timeMs: f64, value: f64): void
