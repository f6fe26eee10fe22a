// SPDX-License-Identifier: Apache-2.0
import { delimiter, dirname } from 'node:path'

/**
 * Variables that would change what the demo shows: settings of another Pi or
 * Dynamo around it, colours in test output, and the marks by which Node's test
 * runner knows that it runs inside itself.
 */
const foreign = /^(PI_|DYN_|DYNAMO_|OPENAI_|FORCE_COLOR$|NODE_TEST_|NODE_V8_COVERAGE$)/

/** The caller's environment without foreign settings, and with this very Node before any other. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name))
  return {
    ...Object.fromEntries(kept),
    PATH: [dirname(process.execPath), process.env.PATH].filter(Boolean).join(delimiter),
    NO_COLOR: '1',
  }
}

/**
 * What keeps a Pi to itself: it finds nothing of this user and asks nobody but
 * the frontend.
 *
 * @param home Pi's own folder, with its settings.
 */
export function secludedPi(home: string): NodeJS.ProcessEnv {
  return { HOME: home, PI_CODING_AGENT_DIR: home, PI_OFFLINE: '1', PI_SKIP_VERSION_CHECK: '1', PI_TELEMETRY: '0' }
}
