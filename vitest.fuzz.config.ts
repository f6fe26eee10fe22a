// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config'

/** Tens of thousands of damaged traces. */
export default defineConfig({
  test: {
    include: ['packages/trace-tools/test/fuzz/**/*.slow.test.ts'],
    globalSetup: ['./tooling/vitest/compile-wasm.ts'],
    setupFiles: ['./tooling/vitest/fail-on-console.ts'],
    testTimeout: 600_000,
  },
})
