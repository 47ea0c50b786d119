/**
 * Preloaded into a process that must not outlive whoever started it: it is killed as soon as its standard input ends,
 * which it does when its parent is gone, however that went.
 */
import { isMainThread } from 'node:worker_threads';

// Where it came by way of the environment, the children of this process are not meant.
delete process.env['BUN_OPTIONS'];
// A thread's standard input is no leash: it may end at once.
if (isMainThread) {
  process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL'));
  process.stdin.on('error', () => {});
  process.stdin.resume().unref();
}
