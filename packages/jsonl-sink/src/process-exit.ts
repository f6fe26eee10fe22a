// SPDX-License-Identifier: Apache-2.0

type ExitTask = () => void

const tasks = new Set<ExitTask>()

/** One listener for all sinks: a listener each would make Node warn on stderr from the eleventh on. */
function runTasks(): void {
  for (const task of tasks) task()
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
