// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config'

/** What takes too long to run with every change. */
export default defineConfig({
  test: {
    include: ['{packages,apps,tooling}/*/test/**/*.slow.test.ts'],
    // Minutes of two cores; `pnpm test:fuzz` runs it.
    exclude: ['packages/trace-tools/test/fuzz/**'],
    globalSetup: ['./tooling/vitest/compile-wasm.ts', './tooling/vitest/fetch-trace-processor.ts'],
    setupFiles: ['./tooling/vitest/fail-on-console.ts'],
    testTimeout: 60_000,
  },
})
