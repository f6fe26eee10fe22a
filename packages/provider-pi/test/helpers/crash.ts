// SPDX-License-Identifier: Apache-2.0
import type { PiHost } from '../../src/pi/host.ts'

/** Another extension in the same Pi: fails in a handler, and later outside of any, which ends the process. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function crash(pi: PiHost): void {
  pi.on('tool_execution_start', () => {
    if (process.env.CRASH === 'process') {
      setTimeout(() => {
        throw new Error('crash outside of a handler')
      }, 1000)
    }
    throw new Error('crash in a handler')
  })
}
