/**
 * A server in a container, in the foreground: ending the client ends the container, and `cleanup` ends a container whose client
 * was killed.
 * @param {{container: string, image: string, publish: {port: number, inside: number}, mounts?: readonly string[],
 *   environment?: Record<string, string>, args?: readonly string[]}} wanted
 */
export function containerCommand({ container, image, publish, mounts = [], environment = {}, args = [] }) {
  return {
    command: 'docker',
    args: [
      'run',
      '--rm',
      '--init',
      '--name',
      container,
      '--publish',
      `127.0.0.1:${publish.port}:${publish.inside}`,
      ...mounts.flatMap((mount) => ['--volume', mount]),
      // Named without a value, so that a password stands in no process list.
      ...Object.keys(environment).flatMap((name) => ['--env', name]),
      image,
      ...args,
    ],
    environment,
    cleanup: ['docker', 'rm', '--force', container],
  };
}
