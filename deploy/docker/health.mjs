// The health check of every image: 0 when the service says that it is ready. HEALTH_URL names another page than the usual one.
const { HEALTH_URL, OPERATIONS_PORT = '9464' } = process.env;
const answerMs = 3_000;

try {
  const url = HEALTH_URL || `http://127.0.0.1:${OPERATIONS_PORT}/health/ready`;
  const response = await fetch(url, { signal: AbortSignal.timeout(answerMs) });
  if (response.status !== 200) process.stderr.write(`${response.status} ${(await response.text()).slice(0, 500)}\n`);
  process.exit(response.status === 200 ? 0 : 1);
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
