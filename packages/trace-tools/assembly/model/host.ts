// SPDX-License-Identifier: Apache-2.0

/** Spans are settled, and told. */
@external('host', 'spans')
export declare function tellSpans(): void

/** Keeps what a row says of a call that stays open. @returns A number for it, from 1. */
@external('host', 'keepStart')
export declare function keepStart(slot: u32, row: u32): u32

@external('host', 'forgetStart')
export declare function forgetStart(start: u32): void

/**
 * Keeps the texts of the calls that a request asked for, and hands their ids to addAskedCall().
 *
 * @returns A number for them, from 1; 0 where there are none, or all are reported.
 */
@external('host', 'keepAsked')
export declare function keepAsked(trajectory: u32, slot: u32, row: u32, startMs: f64, endMs: f64): u32

/** The request on a row comes after the one that asked. */
@external('host', 'expectNext')
export declare function expectNext(asked: u32, slot: u32, row: u32, startMs: f64): void

/** A trajectory's last request, whose id may be remembered, comes after the one that asked. */
@external('host', 'expectLast')
export declare function expectLast(asked: u32, trajectory: u32, startMs: f64): void

@external('host', 'forgetAsked')
export declare function forgetAsked(asked: u32): void

/** Remembers the id of the request on a row as that of its trajectory's last one. */
@external('host', 'rememberLast')
export declare function rememberLast(trajectory: u32, slot: u32, row: u32): void

@external('host', 'forgetLast')
export declare function forgetLast(trajectory: u32): void

/** The trajectory's parent, -1 where it has no rows. */
@external('host', 'parentOf')
export declare function parentOf(trajectory: u32): i32

/** Hands the hashes of the names in a trajectory's id to tryName(), until one is it. */
@external('host', 'tryNames')
export declare function tryNames(trajectory: u32): void
