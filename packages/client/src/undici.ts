// SPDX-License-Identifier: Apache-2.0
/**
 * undici without its side effect: the mere import of undici 8 replaces the
 * dispatcher of the host's own fetch, and with it a proxy or a mock that the
 * host has set up by Node or an older undici. The order of these imports
 * matters: the first one remembers what the second one overwrites.
 */
import { restoreHostDispatcher } from './host-dispatcher.ts'
import { Agent, fetch, Pool } from 'undici'

restoreHostDispatcher()

export { Agent, fetch, Pool }
