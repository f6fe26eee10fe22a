// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config'

/** What needs released versions of Dynamo, which the first run on a machine installs from PyPI. */
export default defineConfig({
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.dynamo.test.ts'],
    setupFiles: ['./tooling/vitest/fail-on-console.ts'],
    // Each release takes a core and more, so they run one after the other.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 600_000,
  },
})
