// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs'
import type { PiHost } from '../../src/pi/host.ts'

/** Another extension in the same Pi: writes down at its end which native code the process has loaded. */
// eslint-disable-next-line no-restricted-syntax -- Pi loads an extension by its default export.
export default function probeAddons(pi: PiHost): void {
  pi.on('session_shutdown', () => {
    const { sharedObjects } = process.report.getReport() as { readonly sharedObjects: readonly string[] }
    const addons = sharedObjects.filter((path) => path.endsWith('.node'))
    writeFileSync(process.env.ADDONS_PROBE_FILE ?? '', JSON.stringify(addons))
  })
}
