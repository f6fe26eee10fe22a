// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'tooling/*/test/**/*.test.ts'],
    exclude: ['**/*.{slow,dynamo}.test.ts', '**/node_modules/**', '**/dist/**', 'apps/*/project/**'],
    globalSetup: ['./tooling/vitest/compile-wasm.ts', './tooling/vitest/fetch-trace-processor.ts'],
    setupFiles: ['./tooling/vitest/fail-on-console.ts'],
    // Files share a worker: nothing here keeps state in modules, and a worker
    // for each file would cost more than most of the tests.
    isolate: false,
    // Many tests wait for child processes, so more of them run than there are cores on a small machine.
    maxWorkers: 3,
    testTimeout: 20_000,
  },
})
