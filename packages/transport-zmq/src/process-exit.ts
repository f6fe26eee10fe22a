// SPDX-License-Identifier: Apache-2.0

/** @param startedAtMs When the process began to exit, on the clock of `performance.now`. */
type ExitTask = (startedAtMs: number) => void

const tasks = new Set<ExitTask>()

/** One listener for all relays: a listener each would make Node warn on stderr from the eleventh on. */
function runTasks(): void {
  const startedAtMs = performance.now()
  for (const task of tasks) task(startedAtMs)
}

/**
 * Runs a task in the process's last turn, after a natural end, `process.exit`
 * or an uncaught error, but not after a signal that nobody handles. The task
 * must be synchronous: nothing asynchronous happens afterwards.
 *
 * @returns a function that takes the task back.
 */
export function atProcessExit(task: ExitTask): () => void {
  if (tasks.size === 0) process.on('exit', runTasks)
  tasks.add(task)
  return () => {
    tasks.delete(task)
    if (tasks.size === 0) process.off('exit', runTasks)
  }
}
